"""Writing proposals: drafting, editing, the flow with its versions, remarks, review settings."""
