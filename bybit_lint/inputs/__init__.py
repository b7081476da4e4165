"""What is checked, and with which wishes: files, projects, configs, suppressions."""
