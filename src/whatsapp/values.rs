//! The lists that Meta owns, as far as onboarding meets them.

use super::open_enum::open_enum;

open_enum! {
    /// What became of the provider's request to the brand (`BusinessRequestStatus`).
    RequestStatus {
        /// The brand has approved it.
        Approved = "APPROVE" | "APPROVED",
        /// The brand has declined it.
        Declined = "DECLINE" | "DECLINED",
        /// Being worked on.
        InProgress = "IN_PROGRESS",
        /// Ran out unanswered.
        Expired = "EXPIRED",
        /// Waits for the brand.
        Pending = "PENDING",
        /// The provider took it back, or Meta did after 90 days.
        Cancelled = "CANCELED" | "CANCELLED",
        /// Cannot be answered.
        Invalid = "INVALID",
    }
}

open_enum! {
    /// What Meta's review of a WhatsApp Business account came to (`account_review_update`).
    ReviewDecision {
        /// Ready to be used.
        Approved = "APPROVED",
        /// Turned down.
        Rejected = "REJECTED",
        /// Not decided yet.
        Pending = "PENDING",
        /// Put off.
        Deferred = "DEFERRED",
    }
}

open_enum! {
    /// How far a display name is at Meta (`name_status`; deliveries say `REJECTED` for what the node calls `DECLINED`).
    NameStatus {
        /// May be shown.
        Approved = "APPROVED",
        /// May be shown before anybody has looked at it.
        AvailableWithoutReview = "AVAILABLE_WITHOUT_REVIEW",
        /// Turned down.
        Declined = "DECLINED" | "REJECTED",
        /// The approval ran out.
        Expired = "EXPIRED",
        /// Being looked at.
        PendingReview = "PENDING_REVIEW" | "PENDING" | "DEFERRED",
        /// There is none.
        Absent = "NONE" | "NON_EXISTS",
    }
}

open_enum! {
    /// Why Meta turned a display name down.
    NameRejection {
        /// It is a person's name or an employee's id.
        Employee = "NAME_EMPLOYEE_ISSUE",
        /// It is a person's name.
        Individual = "NAME_INDIVIDUAL_ISSUE",
        /// It has no visible tie to the end client.
        UnrelatedToClient = "NAME_ENDCLIENT_NOTRELATED",
        /// Its form is not acceptable.
        Format = "NAME_FORMAT_UNACCEPTABLE",
        /// It is not consistent with the brand.
        Inconsistent = "NAME_NOT_CONSISTENT",
        /// Meta says that it does not know.
        Unspecified = "UNKNOWN",
    }
}

open_enum! {
    /// How far the verification of a business is at Meta (`verification_status`).
    BusinessVerification {
        /// Verified.
        Verified = "verified" | "approved",
        /// Being looked at.
        Pending = "pending",
        /// Back to the brand: Meta wants to know more.
        NeedsMoreInformation = "pending_need_more_info",
        /// Begun by the brand and not handed in yet.
        PendingSubmission = "pending_submission",
        /// Turned down.
        Rejected = "rejected",
        /// Tried and not passed.
        Failed = "failed" | "discarded",
        /// Not open to this business.
        Ineligible = "ineligible",
        /// Was verified, and Meta took it back.
        Revoked = "revoked",
        /// Was verified, and it ran out.
        Expired = "expired",
        /// Not begun.
        NotVerified = "not_verified" | "unverified",
    }
}

open_enum! {
    /// Whether the ownership of a number was proved by a code (`code_verification_status`).
    CodeVerification {
        /// Proved.
        Verified = "VERIFIED",
        /// Not proved.
        NotVerified = "NOT_VERIFIED" | "UNVERIFIED",
        /// Proved once, and the proof ran out.
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// What state a number is in on the Cloud API (`status`). Only a connected one can send.
    NumberStatus {
        /// Not registered yet.
        Pending = "PENDING",
        /// Registered.
        Connected = "CONNECTED",
        /// Was registered.
        Disconnected = "DISCONNECTED",
        /// Ownership not proved.
        Unverified = "UNVERIFIED",
        /// Close to its limit by its quality.
        Flagged = "FLAGGED",
        /// Over its limit.
        Restricted = "RESTRICTED",
        /// Sends too fast.
        RateLimited = "RATE_LIMITED",
        /// Moved elsewhere.
        Migrated = "MIGRATED",
        /// Barred.
        Banned = "BANNED",
        /// Gone.
        Deleted = "DELETED",
    }
}

open_enum! {
    /// How far the application for the badge of an Official Business Account is (`oba_status`).
    BadgeStatus {
        /// Granted.
        Granted = "APPROVED" | "OBA_APPROVED",
        /// Denied.
        Denied = "REJECTED" | "OBA_REJECTED",
        /// Handed in.
        Pending = "PENDING",
        /// Being looked at.
        UnderReview = "UNDER_REVIEW",
        /// Not applied for.
        NotStarted = "NOT_STARTED",
        /// Ran out.
        Expired = "EXPIRED",
        /// Taken back.
        Cancelled = "CANCELLED" | "CANCELED",
    }
}

open_enum! {
    /// What happened to a message template (`message_template_status_update`).
    TemplateEvent {
        /// May be sent.
        Approved = "APPROVED",
        /// Turned down.
        Rejected = "REJECTED",
        /// Being looked at.
        Pending = "PENDING",
        /// Turned down, and looked at again on appeal.
        InAppeal = "IN_APPEAL",
        /// Will be disabled on a date unless its quality mends; may be sent until then.
        Flagged = "FLAGGED",
        /// Held back for a while.
        Paused = "PAUSED",
        /// Out of use.
        Disabled = "DISABLED",
        /// In use again.
        Reinstated = "REINSTATED",
        /// Held back for sending too fast.
        Locked = "LOCKED",
        /// No longer locked.
        Unlocked = "UNLOCKED",
        /// Put away for not being used.
        Archived = "ARCHIVED",
        /// Taken out of the archive.
        Unarchived = "UNARCHIVED",
        /// Being deleted.
        PendingDeletion = "PENDING_DELETION",
        /// Gone.
        Deleted = "DELETED",
        /// The account holds too many.
        LimitExceeded = "LIMIT_EXCEEDED",
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
    /// What happened to an account (`account_update`).
    AccountEvent {
        /// The account is gone.
        Deleted = "ACCOUNT_DELETED",
        /// Something is not allowed to it for a while.
        Restricted = "ACCOUNT_RESTRICTION",
        /// It broke a policy.
        Violation = "ACCOUNT_VIOLATION",
        /// Its ban was announced, carried out or lifted.
        DisabledUpdate = "DISABLED_UPDATE",
        /// The provider may work with it: the brand has approved the request.
        PartnerAdded = "PARTNER_ADDED",
        /// The provider may no longer work with it.
        PartnerRemoved = "PARTNER_REMOVED",
        /// The provider's app may work with it.
        PartnerAppInstalled = "PARTNER_APP_INSTALLED",
        /// The provider's app may no longer work with it.
        PartnerAppUninstalled = "PARTNER_APP_UNINSTALLED",
        /// The verification of the business that the provider handed in has moved.
        PartnerClientCertification = "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
        /// The business of a client has to be verified; one page of Meta's alone has it.
        PartnerClientCertificationNeeded = "PARTNER_CLIENT_CERTIFICATION_NEEDED",
        /// The business app and the API no longer share the number.
        Offboarded = "ACCOUNT_OFFBOARDED",
        /// They share it again.
        Reconnected = "ACCOUNT_RECONNECTED",
        /// An advertising account was linked.
        AdAccountLinked = "AD_ACCOUNT_LINKED",
        /// Prices for international authentication changed.
        InternationalPriceEligibility = "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
        /// The country of the business was set.
        PrimaryLocation = "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
        /// The terms of marketing messages were signed.
        MarketingTermsSigned = "MM_LITE_TERMS_SIGNED",
        /// The volume tier changed.
        VolumeTier = "VOLUME_BASED_PRICING_TIER_UPDATE",
        /// An older way of telling that the account was verified.
        VerifiedAccount = "VERIFIED_ACCOUNT",
    }
}

open_enum! {
    /// What an account may not do for a while (`restriction_type`).
    Restriction {
        /// Add phone numbers.
        AddPhoneNumber = "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
        /// Write first.
        BusinessInitiatedMessaging = "RESTRICTED_BIZ_INITIATED_MESSAGING",
        /// Answer customers.
        CustomerInitiatedMessaging = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
        /// Call first.
        BusinessInitiatedCalling = "RESTRICTED_BUSINESS_INITIATED_CALLING",
        /// Be called.
        UserInitiatedCalling = "RESTRICTED_USER_INITIATED_CALLING",
        /// Call and be called.
        AllCalling = "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING",
        /// Show the call button.
        CallButtonHidden = "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN",
        /// Send utility templates.
        UtilityTemplates = "RESTRICTED_UTILITY_TEMPLATES",
        /// Send utility templates directly.
        DirectSendUtilityTemplates = "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES",
    }
}

open_enum! {
    /// What line of business a brand is in (`vertical` of the business profile).
    Vertical {
        /// Alcoholic drinks.
        Alcohol = "ALCOHOL",
        /// Clothing.
        Apparel = "APPAREL",
        /// Cars and what goes with them.
        Automotive = "AUTO",
        /// Beauty, spa and salon.
        Beauty = "BEAUTY",
        /// Education.
        Education = "EDU",
        /// Entertainment.
        Entertainment = "ENTERTAIN",
        /// Planning of events.
        EventPlanning = "EVENT_PLAN",
        /// Finance and banking.
        Finance = "FINANCE",
        /// Government and public service.
        Government = "GOVT",
        /// Food and groceries.
        Grocery = "GROCERY",
        /// Medicine and health.
        Health = "HEALTH",
        /// Hotels and lodging.
        Hotel = "HOTEL",
        /// Not for profit.
        Nonprofit = "NONPROFIT",
        /// Gambling online for money.
        OnlineGambling = "ONLINE_GAMBLING",
        /// Drugs sold over the counter.
        OverTheCounterDrugs = "OTC_DRUGS",
        /// Another line.
        Other = "OTHER",
        /// Gambling in a place for money.
        PhysicalGambling = "PHYSICAL_GAMBLING",
        /// Professional services.
        ProfessionalServices = "PROF_SERVICES",
        /// Restaurants.
        Restaurant = "RESTAURANT",
        /// Shopping and retail.
        Retail = "RETAIL",
        /// Travel and transport.
        Travel = "TRAVEL",
        /// Not set; only an older edition of Meta's list has it.
        Undefined = "UNDEFINED",
        /// No business; only an older edition of Meta's list has it.
        NotABusiness = "NOT_A_BIZ",
    }
}

open_enum! {
    /// The screen of the embedded signup on which a brand left it (`current_step`).
    SignupScreen {
        /// Which portfolio or business.
        BusinessAccountSelection = "BUSINESS_ACCOUNT_SELECTION",
        /// Which account and which profile.
        AccountPicker = "WABA_PHONE_PROFILE_PICKER",
        /// The new account's profile.
        ProfileSetup = "WHATSAPP_BUSINESS_PROFILE_SETUP",
        /// Which number.
        NumberSetup = "PHONE_NUMBER_SETUP",
        /// The number's code.
        NumberVerification = "PHONE_NUMBER_VERIFICATION",
        /// What the provider may do.
        Permissions = "PERMISSIONS",
    }
}
