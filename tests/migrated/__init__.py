"""What a bot of an API before V5 does once it is carried over, worked out from Bybit's pages and not from the tool."""
