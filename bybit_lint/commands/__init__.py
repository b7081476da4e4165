"""What each command of the command line does, one module each, imported only when it is asked for."""
