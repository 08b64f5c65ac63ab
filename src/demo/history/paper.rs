//! The newsletter of these weeks: one issue that went out, one reader who left with its link, one that is being written.

use super::scribe::Scribe;
use crate::base::Instant;
use crate::newsletter;
use crate::newsletter::{IssueEdit, Reason};
use crate::web::markdown;

/// Days before the opening on which the issue went out.
const SENT_DAYS: i64 = 16;
/// From writing an issue to sending it.
const WRITING_SECONDS: i64 = 5_400;
/// From the letter to leaving.
const LEAVING_SECONDS: i64 = 9_000;

const AUTUMN: (&str, &str) = (
    "From the kiln: celadon, and a table for two",
    "The autumn firing came out on Thursday, and the celadon is the clearest we have had this year: a grey-green that turns \
     blue where it pools.\n\nWe kept back two dozen [mugs](/products/tide-mug) and the whole of the [Supper for Two](/products/supper-for-two), \
     which is a place laid twice, packed in one box.\n\nThe door of the workshop is open on Saturdays until five.",
);
const WINTER: (&str, &str) =
    ("Candlelight", "The brass candlesticks are turned and waxed. Before we write the rest of this letter: who has a photograph of the new shelf?");

impl Scribe<'_> {
    /// Writes down the issues of the weeks before the opening.
    pub(super) async fn newsletter(&mut self, opening: Instant) -> anyhow::Result<()> {
        let at = opening.plus_days(-SENT_DAYS);
        let sent = newsletter::create_issue(&mut *self.db, &edit(AUTUMN), self.clerk, at.plus_seconds(-WRITING_SECONDS)).await?;
        newsletter::start_issue(&mut *self.db, sent, 1, at).await?;
        let mut last = None;
        while let Some((_, readers)) = newsletter::next_readers(&mut *self.db, sent, at).await? {
            last = readers.into_iter().next_back().or(last);
        }
        if let Some(reader) = last {
            let gone = at.plus_seconds(LEAVING_SECONDS);
            let link = newsletter::issue_link(&mut *self.db, reader.id, &reader.email_key, at).await?;
            if let Some(one) = newsletter::behind_link(&mut *self.db, &link, gone).await? {
                newsletter::leave(&mut *self.db, &one, Reason::Link, gone).await?;
            }
        }
        newsletter::create_issue(&mut *self.db, &edit(WINTER), self.clerk, opening.plus_seconds(-WRITING_SECONDS)).await?;
        Ok(())
    }
}

fn edit((subject, body): (&str, &str)) -> IssueEdit {
    IssueEdit { subject: subject.to_owned(), body: body.to_owned(), body_html: markdown::render(body) }
}
