//! The specification: every rule by its name, as given, when, then.
#![allow(
    unreachable_pub,
    dead_code,
    clippy::wildcard_imports,
    reason = "one toolbox serves all files of the specification"
)]

mod access_case;
mod access_changes;
mod access_laws;
mod access_model;
mod access_random;
mod access_record_laws;
mod access_rules;
mod access_went_wrong;
mod broken_stores;
mod case;
mod channel;
mod channel_case;
mod channel_decisions;
mod channel_grants;
mod conversation_access;
mod conversation_case;
mod conversation_closing;
mod conversation_decisions;
mod conversation_laws;
mod conversation_model;
mod conversation_owners;
mod conversation_rules;
mod conversation_settings;
mod core;
mod core_events;
mod core_explain;
mod core_explain_channel;
mod core_explain_conversation;
mod core_fingerprint;
mod decisions;
mod display_name;
mod event_stories;
mod golden;
mod health;
mod health_answered;
mod health_errors;
mod health_order;
mod health_registration;
mod health_time;
mod health_unheard;
mod onboarding_account;
mod onboarding_activation;
mod onboarding_checklist;
mod onboarding_code;
mod onboarding_code_sends;
mod onboarding_details;
mod onboarding_duration;
mod onboarding_facts;
mod onboarding_number_once;
mod onboarding_order;
mod onboarding_registration;
mod onboarding_reviews;
mod onboarding_revise;
mod onboarding_signup;
mod onboarding_start;
mod onboarding_today;
mod onboarding_way_on;
mod profile;
mod random;
mod service;
mod service_calls;
mod service_case;
mod service_templates;
mod settings_audit;
mod settings_auto_resolve;
mod settings_name;
mod settings_patch;
mod simulation;
mod status;
mod template_budgets;
mod template_case;
mod template_definition;
mod template_laws;
mod template_lifecycle;
mod template_sync;
mod template_texts;
mod testing_kit;
mod time;
mod values;
mod webhook;
