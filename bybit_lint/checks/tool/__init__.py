"""What the tool finds about itself and its suppressions; these rules have no judge."""
