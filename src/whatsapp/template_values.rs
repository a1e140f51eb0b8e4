//! The lists that Meta owns about message templates.

use super::open_enum::open_enum;

open_enum! {
    /// What kind of message a template is.
    TemplateCategory {
        /// A one-time code.
        Authentication = "AUTHENTICATION",
        /// Anything that wants to sell.
        Marketing = "MARKETING",
        /// About something the customer asked for.
        Utility = "UTILITY",
        /// A category that Meta gave up and still tells as an earlier one.
        ShippingUpdate = "SHIPPING_UPDATE",
    }
}

open_enum! {
    /// Why Meta turned a template down, or stopped it. Meta says `NONE`, `null` or nothing where there is no reason.
    TemplateReason {
        /// It is abusive.
        AbusiveContent = "ABUSIVE_CONTENT",
        /// It has a category that is not to be had any more.
        CategoryNotAvailable = "CATEGORY_NOT_AVAILABLE",
        /// It is of another category.
        IncorrectCategory = "INCORRECT_CATEGORY",
        /// Its form is wrong.
        InvalidFormat = "INVALID_FORMAT",
        /// It wants to sell.
        Promotional = "PROMOTIONAL",
        /// It deceives.
        Scam = "SCAM",
        /// Its content does not fit its tag.
        TagContentMismatch = "TAG_CONTENT_MISMATCH",
    }
}

open_enum! {
    /// What is behind a template's being held back or let go (`other_info.title`).
    TemplateNotice {
        /// Held back by its quality for the first time: three hours.
        FirstPause = "FIRST_PAUSE",
        /// Held back by its quality for the second time: six hours.
        SecondPause = "SECOND_PAUSE",
        /// Held back for going out too fast.
        RateLimitingPause = "RATE_LIMITING_PAUSE",
        /// Let go.
        Unpause = "UNPAUSE",
        /// Out of use, after a third time.
        Disabled = "DISABLED",
    }
}

open_enum! {
    /// How well customers take a template, or what a number sends (`quality_score`, `quality_rating`).
    QualityScore {
        /// Well.
        Green = "GREEN",
        /// Not so well.
        Yellow = "YELLOW",
        /// Badly.
        Red = "RED",
        /// Nobody has rated it yet.
        Unrated = "UNKNOWN" | "NA",
    }
}

open_enum! {
    /// Whether a template's move to another category can be contested (`category_appeal_status`).
    CategoryAppeal {
        /// It can.
        Eligible = "ELIGIBLE",
    }
}

open_enum! {
    /// What a button of a template does.
    TemplateButtonKind {
        /// Opens an address.
        Url = "URL",
        /// Calls a number.
        PhoneNumber = "PHONE_NUMBER",
        /// Answers with its label.
        QuickReply = "QUICK_REPLY",
        /// Copies a code.
        CopyCode = "COPY_CODE",
        /// Hands over a one-time code.
        Otp = "OTP",
    }
}
