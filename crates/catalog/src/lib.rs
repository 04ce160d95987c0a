//! The rules data of Celador, compiled in and checked: data-store products and their ports. No IO.
