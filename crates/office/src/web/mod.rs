//! The web side of every capability: who calls, what they may, and the page round what they see.
//!
//! A capability lists its [`Route`]s, each with what it [`Ask`]s for; [`router`] puts the same guard before all of them. So no page can
//! be reached past a decision: the guard takes it for the school and for the own sign-in, and where only the handler knows the thing, the
//! guard refuses whatever comes back without a decision having been asked. What is not somebody's looks like what is not there.

mod caller;
mod fields;
mod form;
mod front;
mod guard;
mod house;
mod kept;
mod press;
mod problem;
mod route;
mod view;

pub use caller::Caller;
pub use fields::Fields;
pub use form::{Upload, own_path};
pub use front::{Front, OpenPage, Reading, framed, open_router};
pub use guard::router;
pub(crate) use guard::{SIGN_OUT, cookie};
pub(crate) use house::opened;
pub use house::{House, Office, Peer, Shared, Visit, Visitor};
pub use kept::Kept;
pub use press::Press;
pub(crate) use press::{Print, pdf};
pub use problem::Problem;
pub(crate) use problem::sentence;
pub use route::{Ask, Route, Want};
pub use view::{Content, ProblemPage};
pub(crate) use view::{Form, long, moment};
