"""Bots with one mistake each, said in many ways: the finding must survive them all, and the twin must stay silent."""
