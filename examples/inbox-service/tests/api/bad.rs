//! Bad input to the API: each with the problem that it gets, and with nothing changed.

use inbox_service::demo::{ANA, BAKERY, CEM, MARA, NOA, ORDERS};
use serde_json::Value;

use super::good::conversation_with;
use super::world::{Ask, World, on_each};

/// A name, what is asked, and the status, code, rule and pointer of the problem that it gets.
pub(crate) type Case<'a> = (&'static str, Ask<'a>, u16, &'static str, &'static str, &'static str);

pub(crate) const NOBODY: &str = "00000000-0000-0000-0000-00000000ffff";

/// Asks all of it, and tells everything that is not as it should be.
pub(crate) async fn check(world: &World, cases: Vec<Case<'_>>) {
    let mut wrong = Vec::new();
    let mut before = world.quiet().await;
    for (name, ask, status, code, rule, pointer) in cases {
        let answer = ask.send().await;
        let told: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let given = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let fault = &told["errors"][0];
        let told_rule = if told["rule"].is_null() { given(&fault["rule"]) } else { given(&told["rule"]) };
        let got = (answer.status, given(&told["code"]), told_rule, given(&fault["pointer"]));
        println!("| {} | {name} | {} | {} | {} | {} |", world.kind, got.0, got.1, got.2, got.3);
        if got == (status, code.to_owned(), rule.to_owned(), pointer.to_owned()) {
            answer.problem(status, code);
        } else {
            wrong.push(format!("{name}: {got:?}: {}", answer.text));
        }
        let after = world.rows.counts().await;
        if after != before {
            wrong.push(format!("{name} has changed something: {after:?} after {before:?}"));
            before = after;
        }
    }
    assert_eq!(world.quiet().await, before, "{}", world.kind);
    assert!(wrong.is_empty(), "{}:\n{}", world.kind, wrong.join("\n"));
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_and_people_that_there_are_not() {
    on_each(async |world| {
        let get = |path: &str| world.ask("GET", path);
        let mara = |path: &str| get(path).by(MARA);
        let lena = conversation_with(world, "Lena Brandt").await;
        let why = |rest: &str| mara(&format!("/api/access/why?{rest}"));
        let orders = format!("/api/channels/{ORDERS}");
        let at_orders = |method: &str, rest: &str| world.ask(method, &format!("{orders}{rest}")).by(MARA);
        let cases: Vec<Case<'_>> = vec![
            ("nobody asks", get("/api/me"), 401, "who", "", ""),
            ("a user that is none", get("/api/me").header("x-user", "' OR 1=1 --"), 401, "who", "", ""),
            ("an unknown user", get("/api/me").header("x-user", &format!("{BAKERY}/{NOBODY}")), 401, "who", "", ""),
            ("a user of no organisation", get("/api/me").header("x-user", &BAKERY.to_string()), 401, "who", "", ""),
            ("an unknown operator", get("/api/me").header("x-operator", NOBODY), 401, "who", "", ""),
            ("a cookie of nobody", get("/api/me").header("cookie", "who=user:;"), 401, "who", "", ""),
            ("a user beyond ASCII", get("/api/me").header("x-user", "Ünal"), 401, "who", "", ""),
            ("no such address", get("/nothing"), 404, "no-such-route", "", ""),
            ("no such address of the API", get("/api/nothing"), 404, "no-such-route", "", ""),
            ("a slash too many", at_orders("GET", "/"), 404, "no-such-route", "", ""),
            ("a way out of the pages", get("/pages/..%2f..%2fCargo.toml"), 404, "no-such-route", "", ""),
            ("another way out", get("/pages/%2e%2e%2f%2e%2e%2fetc/passwd"), 404, "no-such-route", "", ""),
            ("a zero character in an address", get("/pages/style.css%00"), 404, "no-such-route", "", ""),
            ("a method that there is not", at_orders("DELETE", ""), 405, "method", "", ""),
            ("a method in a new word", at_orders("BREW", ""), 405, "method", "", ""),
            ("a method of another address", world.ask("POST", "/health"), 405, "method", "", ""),
            ("a method of the webhook", world.ask("PUT", "/webhook"), 405, "method", "", ""),
            ("a method of a page", world.ask("POST", "/settings"), 405, "method", "", ""),
            ("a channel that is no id", mara("/api/channels/a/b"), 400, "path", "", ""),
            ("an id with SQL", mara(&format!("/api/channels/{BAKERY}/1'%20OR%20'1'='1")), 400, "path", "", ""),
            ("an id that is no UTF-8", mara(&format!("/api/channels/{BAKERY}/%ff%fe")), 400, "path", "", ""),
            (
                "an unknown channel",
                mara(&format!("/api/channels/{BAKERY}/{NOBODY}")),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "a conversation as a channel",
                mara(&format!("/api/channels/{lena}")),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "a channel as a conversation",
                mara(&format!("/api/conversations/{ORDERS}")),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "a channel as an onboarding",
                mara(&format!("/api/onboardings/{ORDERS}")),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "a channel as a template",
                mara(&format!("/api/templates/{ORDERS}")),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            ("an action that there is not", at_orders("GET", "/may/fly"), 404, "action", "", ""),
            ("an action with SQL", at_orders("GET", "/may/reply';DROP%20TABLE%20people;--"), 404, "action", "", ""),
            ("why, without saying what", why(""), 400, "query", "", ""),
            ("why, of no user", why(&format!("user=x&channel={ORDERS}&action=reply")), 400, "query", "", ""),
            (
                "why, of an unknown user",
                why(&format!("user={BAKERY}/{NOBODY}&channel={ORDERS}&action=reply")),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            (
                "why, of somebody elsewhere",
                why(&format!("user={NOA}&channel={ORDERS}&action=reply")),
                404,
                "not-found",
                "access.not-found",
                "",
            ),
            ("the conversations of nothing", mara("/api/conversations"), 400, "query", "", ""),
            ("those of what is no channel", mara("/api/conversations?channel=x"), 400, "query", "", ""),
            (
                "those of a queue with SQL",
                mara(&format!("/api/conversations?channel={ORDERS}&queue=new'--")),
                400,
                "query",
                "",
                "",
            ),
            ("templates, as no admin", get("/api/templates").by(ANA), 404, "not-found", "access.not-found", ""),
            ("an operator and a channel", get(&orders).operator(), 404, "not-found", "access.not-found", ""),
            (
                "settings, as no admin",
                get(&format!("{orders}/settings")).by(CEM),
                403,
                "admin-only",
                "settings.admin-only",
                "",
            ),
            (
                "the access of all, as no admin",
                get("/api/access").by(CEM),
                403,
                "admin-only",
                "settings.admin-only",
                "",
            ),
        ];
        check(world, cases).await;
    })
    .await;
}
