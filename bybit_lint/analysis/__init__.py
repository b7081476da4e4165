"""What is known of a project before its facts are asked for: syntax < values < callgraph | domains < flow < traffic."""
