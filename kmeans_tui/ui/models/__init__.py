"""The state and rules of the screens, independent of widgets."""
