"""The dialogs that lie over a screen."""
