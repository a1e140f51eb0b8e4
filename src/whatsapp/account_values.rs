//! The lists that Meta owns about the health of accounts and numbers.

use super::open_enum::open_enum;

open_enum! {
    /// How far the ban of an account is (`waba_ban_state`).
    BanState {
        /// Announced for a date.
        Scheduled = "SCHEDULE_FOR_DISABLE",
        /// In force.
        Disabled = "DISABLE",
        /// Lifted.
        Reinstated = "REINSTATE",
    }
}

open_enum! {
    /// Which policy an account broke (`violation_type`).
    Violation {
        /// For adults only.
        Adult = "ADULT",
        /// Alcoholic drinks.
        Alcohol = "ALCOHOL",
        /// Animals.
        Animals = "ANIMALS",
        /// Parts of the body, or what it gives off.
        BodyParts = "BODY_PARTS_FLUIDS",
        /// Dating.
        Dating = "DATING",
        /// Digital content and subscriptions.
        DigitalServices = "DIGITAL_SERVICES_PRODUCTS",
        /// Drugs.
        Drugs = "DRUGS",
        /// Gambling.
        Gambling = "GAMBLING",
        /// Healthcare.
        Healthcare = "HEALTHCARE",
        /// What the law forbids to sell.
        IllegalProducts = "ILLEGAL_PRODUCTS",
        /// Misleading.
        Misleading = "MISLEADING",
        /// Shown too sexually.
        SexualizedPositioning = "OVERTLY_SEXUALIZED_POSITIONING",
        /// Money, real or not.
        Currency = "REAL_FAKE_CURRENCY",
        /// Fraud.
        Scam = "SCAM",
        /// Food supplements.
        Supplements = "SUPPLEMENTS",
        /// The rights of others.
        ThirdPartyRights = "THIRD_PARTY_INFRINGEMENTS",
        /// Tobacco.
        Tobacco = "TOBACCO",
        /// Media that may not be shared.
        UnauthorizedMedia = "UNAUTHORIZED_MEDIA",
        /// Weapons.
        Weapons = "WEAPONS",
        /// Customers' calls are seldom answered.
        LowPickupRate = "USER_INITIATED_CALLS_LOW_PICKUP_RATE",
    }
}

open_enum! {
    /// Why business app and API no longer share a number (`disconnection_info.reason`).
    Disconnection {
        /// The account was disconnected.
        AccountDisconnected = "ACCOUNT_DISCONNECTED",
        /// It is no longer an account of a business.
        BusinessDowngrade = "BUSINESS_DOWNGRADE",
        /// It has another number.
        ChangedNumber = "CHANGE_NUMBER",
        /// The API was not used for about 30 days.
        CompanionInactivity = "COMPANION_INACTIVITY",
        /// The phone was not used for about 14 days.
        PrimaryInactivity = "PRIMARY_INACTIVITY",
        /// The number was registered anew.
        RegisteredAgain = "USER_RE_REGISTERED",
    }
}

open_enum! {
    /// Who ended the sharing of a number (`disconnection_info.initiated_by`).
    DisconnectedBy {
        /// Somebody.
        User = "USER",
        /// Meta's system.
        System = "SYSTEM",
    }
}

open_enum! {
    /// What an alert is about (`entity_type`).
    AlertSubject {
        /// A business.
        Business = "BUSINESS",
        /// A phone number.
        PhoneNumber = "PHONE_NUMBER",
        /// A WhatsApp Business account; only the test panel says so.
        Account = "WABA",
        /// A status.
        Status = "CURRENT_STATUS_ID",
    }
}

open_enum! {
    /// How grave an alert is (`alert_severity`).
    AlertSeverity {
        /// Grave.
        Critical = "CRITICAL",
        /// To be looked at.
        Warning = "WARNING",
        /// To be known.
        Informational = "INFORMATIONAL",
    }
}

open_enum! {
    /// Whether what an alert tells goes on (`alert_status`).
    AlertStatus {
        /// It does.
        Active = "ACTIVE",
        /// There is nothing to go on.
        Nothing = "NONE",
    }
}

open_enum! {
    /// What an alert tells (`alert_type`).
    AlertKind {
        /// A higher messaging limit has to wait.
        LimitDeferred = "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
        /// A higher messaging limit was denied.
        LimitDenied = "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
        /// For a higher messaging limit Meta wants to know more.
        LimitNeedsMoreInformation = "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO",
        /// The badge was granted.
        BadgeGranted = "OBA_APPROVED",
        /// The badge was denied.
        BadgeDenied = "OBA_REJECTED",
        /// The profile picture is gone.
        PictureLost = "PROFILE_PICTURE_LOST",
    }
}

open_enum! {
    /// What happened to the standing of a number (`phone_number_quality_update`).
    NumberQualityEvent {
        /// It has come onto the platform.
        Onboarding = "ONBOARDING",
        /// It may send faster.
        ThroughputUpgrade = "THROUGHPUT_UPGRADE",
        /// Its quality is bad; not told since October 2025.
        Flagged = "FLAGGED",
        /// Its quality is good again; an older event.
        Unflagged = "UNFLAGGED",
        /// Its limit has risen; an older event.
        Upgrade = "UPGRADE",
        /// Its limit has sunk; an older event.
        Downgrade = "DOWNGRADE",
    }
}

open_enum! {
    /// How well customers take what a number sends (`quality_rating`).
    NumberRating {
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
    /// Whether something can take part in sending messages (`can_send_message` of `health_status`).
    MessagingHealth {
        /// It can.
        Available = "AVAILABLE",
        /// It can, and not without limits.
        Limited = "LIMITED",
        /// It cannot.
        Blocked = "BLOCKED",
    }
}

open_enum! {
    /// What takes part in sending messages (`entity_type` of `health_status`).
    HealthNode {
        /// The number.
        PhoneNumber = "PHONE_NUMBER",
        /// A template.
        Template = "MESSAGE_TEMPLATE",
        /// The WhatsApp Business account.
        Account = "WABA",
        /// The business.
        Business = "BUSINESS",
        /// The provider's app.
        App = "APP",
    }
}

open_enum! {
    /// What happened to the two-step PIN of a number (`security`).
    SecurityEvent {
        /// It was set or changed in WhatsApp Manager.
        PinChanged = "PIN_CHANGED",
        /// Somebody asked to switch it off.
        PinResetRequested = "PIN_RESET_REQUEST",
        /// It is off: whoever asked has followed the link in the mail.
        PinResetDone = "PIN_REQUEST_SUCCESS" | "PIN_RESET_SUCCESS",
    }
}

open_enum! {
    /// What happened to a business (`business_status_update`, of which Meta publishes nothing).
    BusinessEvent {
        /// Somebody else may have got hold of it.
        Compromised = "COMPROMISED_NOTIFICATION",
    }
}

open_enum! {
    /// How far the username of a number is (`business_username_update`).
    UsernameStatus {
        /// In use.
        Approved = "approved",
        /// Kept for the business, and not in use yet.
        Reserved = "reserved",
        /// Gone.
        Deleted = "deleted",
    }
}

open_enum! {
    /// How far a payment configuration is (`payment_configuration_update`).
    PaymentStatus {
        /// Connected, and not tried yet.
        NeedsTesting = "Needs Testing" | "Needs_Testing",
        /// In use.
        Active = "Active",
    }
}

open_enum! {
    /// What happened to a solution that several partners run together (`partner_solutions`).
    SolutionEvent {
        /// It was made.
        Created = "SOLUTION_CREATED",
        /// It has another status.
        Updated = "SOLUTION_UPDATED",
    }
}

open_enum! {
    /// How far a solution of several partners is.
    SolutionStatus {
        /// Written down, and offered to nobody yet.
        Draft = "DRAFT",
        /// Offered to the other partner.
        Initiated = "INITIATED",
        /// In use.
        Active = "ACTIVE",
        /// Turned down by the other partner.
        Rejected = "REJECTED",
        /// No longer in use.
        Deactivated = "DEACTIVATED",
    }
}
