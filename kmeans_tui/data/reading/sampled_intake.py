"""Read a random sample of a file, which may be larger than memory."""

from collections.abc import Sequence
from dataclasses import replace

from kmeans_tui.data.reading import memory
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.intake import Intake, take_in
from kmeans_tui.data.reading.query import Database
from kmeans_tui.data.reading.relation import Relation
from kmeans_tui.data.sampling import Sampled, sampled_rows


def take_sample(
    database: Database, relation: Relation, dialect: Dialect, name: str, asked: Sequence[str] = ()
) -> Intake:
    """Read a sample of the rows as ``take_in`` reads all; they keep their numbers in the file.

    The file is read twice, to count its rows and to pick some; only these are ever in memory.
    Raises as ``take_in`` does.
    """
    ((count,),) = database.rows(f"SELECT count(*) FROM ({relation.sql})", relation.parameters)
    whole = replace(dialect, sample=None)
    wanted = dialect.sample or 1
    if wanted >= count:
        found = take_in(database, replace(relation, rows=count), whole, name, asked)
        note = f"--sample {wanted} asks for all {count:,} rows: none are left out."
        return replace(found, relation=replace(relation, notes=(*relation.notes, note)))
    memory.check(name, wanted, relation.width, relation.width)
    numbers = sampled_rows(wanted, count, dialect.sample_seed)
    part = relation.only(numbers.tolist())
    database.keep("sampled", part.sql, part.parameters)
    kept = replace(relation, sql="SELECT * FROM sampled", parameters=(), rows=wanted)
    found = take_in(database, kept, whole, name, asked)
    return replace(
        found,
        relation=relation,
        columns=tuple(each.renumbered(numbers) for each in found.columns),
        sampled=Sampled(wanted, count, dialect.sample_seed),
        row_numbers=numbers,
    )
