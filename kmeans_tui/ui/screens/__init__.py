"""The screens, one module each, and the dialogs they share."""
