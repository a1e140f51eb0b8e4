//! Meta's lists about message templates.

use super::open_enum::open_enum;

open_enum! {
    /// How far a template is at Meta (`status` of the node). What deliveries tell is another list: [`TemplateEvent`](super::TemplateEvent).
    TemplateStatus {
        /// May be sent.
        Approved = "APPROVED",
        /// Put away for not being used.
        Archived = "ARCHIVED",
        /// Gone.
        Deleted = "DELETED",
        /// Out of use.
        Disabled = "DISABLED",
        /// Turned down, and looked at again on appeal.
        InAppeal = "IN_APPEAL",
        /// The account holds too many.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// Held back for a while.
        Paused = "PAUSED",
        /// Being looked at.
        Pending = "PENDING",
        /// Being deleted.
        PendingDeletion = "PENDING_DELETION",
        /// Turned down.
        Rejected = "REJECTED",
    }
}

open_enum! {
    /// What a template is for (`category`). It sets the price and what may stand in it, and Meta may change it.
    TemplateCategory {
        /// One-time codes.
        Authentication = "AUTHENTICATION",
        /// Offers and news.
        Marketing = "MARKETING",
        /// What a customer asked for or waits for.
        Utility = "UTILITY",
    }
}

open_enum! {
    /// Why Meta turned a template down (`reason`).
    TemplateReason {
        /// Its content is abusive.
        AbusiveContent = "ABUSIVE_CONTENT",
        /// There is no such category any more.
        CategoryNotAvailable = "CATEGORY_NOT_AVAILABLE",
        /// It belongs to another category.
        IncorrectCategory = "INCORRECT_CATEGORY",
        /// Its form is wrong.
        InvalidFormat = "INVALID_FORMAT",
        /// It advertises.
        Promotional = "PROMOTIONAL",
        /// It deceives.
        Scam = "SCAM",
        /// Its text does not fit what it says it is.
        TagContentMismatch = "TAG_CONTENT_MISMATCH",
        /// No reason is given. Meta says so of approved and of paused templates alike.
        Unspecified = "NONE",
    }
}

open_enum! {
    /// How customers take to a template (`quality_score`).
    TemplateQuality {
        /// Well.
        Green = "GREEN",
        /// Not so well.
        Yellow = "YELLOW",
        /// Badly: Meta pauses it.
        Red = "RED",
        /// Meta says that it does not know yet.
        Unrated = "UNKNOWN",
    }
}

open_enum! {
    /// What a pause is about (`other_info.title`).
    TemplatePause {
        /// The first pause for bad quality, of three hours.
        First = "FIRST_PAUSE",
        /// The second, of six hours. After it the template is disabled.
        Second = "SECOND_PAUSE",
        /// Held back for sending too fast. It ends when somebody ends it.
        RateLimiting = "RATE_LIMITING_PAUSE",
        /// No longer paused.
        Over = "UNPAUSE",
        /// Out of use.
        Disabled = "DISABLED",
    }
}

open_enum! {
    /// A part of a template (`type` of a component).
    TemplateComponent {
        /// What stands above the text.
        Header = "HEADER",
        /// The text.
        Body = "BODY",
        /// What stands below the text.
        Footer = "FOOTER",
        /// What can be tapped.
        Buttons = "BUTTONS",
    }
}

open_enum! {
    /// What the header of a template is made of (`format`).
    HeaderFormat {
        /// A line of text.
        Text = "TEXT",
        /// A picture.
        Image = "IMAGE",
        /// A film.
        Video = "VIDEO",
        /// A file.
        Document = "DOCUMENT",
        /// A place on the map.
        Location = "LOCATION",
    }
}

open_enum! {
    /// What a button of a template does (`type` of a button).
    ButtonKind {
        /// Answers with its label.
        QuickReply = "QUICK_REPLY",
        /// Opens a web address.
        Url = "URL",
        /// Calls a number.
        PhoneNumber = "PHONE_NUMBER",
        /// Copies a code.
        CopyCode = "COPY_CODE",
        /// Takes a one-time code over.
        OneTimeCode = "OTP",
    }
}

open_enum! {
    /// How the placeholders of a template are written (`parameter_format`).
    ParameterFormat {
        /// `{{1}}`, `{{2}}`, in this order.
        Positional = "POSITIONAL",
        /// `{{order_number}}`.
        Named = "NAMED",
    }
}
