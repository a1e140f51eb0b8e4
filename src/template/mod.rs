//! Message templates.

mod definition;
mod render;

pub use definition::{
    Button, Definition, DefinitionDraft, DefinitionError, DefinitionWarning, Header, OnlyCodes, Placeholder, Wording,
    languages,
};
pub use render::{Parameters, RenderError, Rendered, RenderedButton, RenderedHeader};
