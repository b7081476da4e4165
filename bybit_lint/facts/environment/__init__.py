"""Which network, whose keys, and who checks that it is Bybit that answers."""
