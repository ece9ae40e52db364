"""The film with its curves, as a Streamlit component."""
