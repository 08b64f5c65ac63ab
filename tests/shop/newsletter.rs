//! The newsletter: nobody gets it who did not confirm, everybody leaves with one click, nobody gets an issue twice.

use serde_json::json;
use wharf::newsletter::run_job;
use wharf::work;

use crate::kit::shop_test;
use crate::kit::sink::Letter;
use crate::kit::{Browser, Page, Shop};

const ADA: &str = "ada@example.com";
const BO: &str = "bo@example.com";
const WEEK: i64 = 7 * 86_400;
const CONFIRMED: &str = "SELECT count(*) FROM subscribers WHERE status = 'confirmed'";

/// Types an address into the form of the home page.
async fn ask(browser: &Browser, email: &str) -> Page {
    let page = browser.get("/").await;
    browser.submit(&page, "form.newsletter", &[("email", email)]).await
}

/// Asks and confirms.
async fn subscribe(shop: &Shop, email: &str) {
    let browser = shop.visitor();
    assert_eq!(ask(&browser, email).await.status, 303);
    shop.work().await;
    let link = newest(shop, email).link("/newsletter/confirm/");
    let page = browser.get(&link).await;
    assert_eq!(browser.submit(&page, "form[action^='/newsletter/confirm/']", &[]).await.status, 303);
}

/// So many who confirmed, without their letters.
async fn crowd(shop: &Shop, size: i32) {
    sqlx::query("INSERT INTO consent_texts (hash, text, first_shown) VALUES ('crowd', 'Yes.', $1)")
        .bind(shop.app.now())
        .execute(shop.db())
        .await
        .expect("a text");
    sqlx::query(
        "INSERT INTO subscribers (id, email, email_key, language, status, source, text_hash, asked_at, asked_ip, confirmed_at, confirmed_ip)
         SELECT gen_random_uuid(), 'reader' || n || '@example.com', 'reader' || n || '@example.com', 'en', 'confirmed', '/', 'crowd', $2, '::1', $2, '::1'
           FROM generate_series(1, $1) n",
    )
    .bind(size)
    .bind(shop.app.now())
    .execute(shop.db())
    .await
    .expect("a crowd");
}

fn newest(shop: &Shop, email: &str) -> Letter {
    shop.mail.to(email).pop().expect("a letter")
}

/// A saved draft: its address in the admin.
async fn draft(desk: &Browser, subject: &str) -> String {
    let page = desk.get("/admin/newsletter/issues/new").await;
    let body = "**New** pots, and a [lamp](/products/lamp).";
    let made = desk.submit(&page, "form.write", &[("subject", subject), ("body", body)]).await;
    assert_eq!(made.status, 303, "{}", made.body);
    made.location().expect("the page of the issue")
}

/// Sends a draft; the letters are written by the next work.
async fn send(desk: &Browser, issue: &str) -> Page {
    let page = desk.get(issue).await;
    desk.submit(&page, "form.send", &[("sure", "1")]).await
}

fn id_of(path: &str) -> String {
    path.rsplit('/').next().expect("an id").to_owned()
}

#[tokio::test]
async fn nobody_is_subscribed_before_they_press_the_button_of_the_letter() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        let home = ada.get("/").await;
        assert_eq!(home.attr("form.newsletter input[name=email]", "autocomplete"), "email");
        assert!(home.has("form.newsletter a[href='/pages/privacy']"));
        let asked = ask(&ada, ADA).await;
        assert_eq!((asked.status, asked.location().as_deref()), (303, Some("/")));
        assert!(ada.follow(asked).await.text("[role=status]").contains("on its way"));
        shop.work().await;
        let letter = newest(shop, ADA);
        assert!(letter.text().contains("Teapots Ltd") && letter.header("List-Unsubscribe").is_empty(), "{}", letter.raw);
        let link = letter.link("/newsletter/confirm/");

        let scanner = shop.visitor().get(&link).await;
        assert_eq!((scanner.status, scanner.header("referrer-policy")), (200, "same-origin"));
        assert_eq!(shop.count(CONFIRMED).await, 0, "looking at the link subscribes nobody");

        let page = ada.get(&link).await;
        let confirmed = ada.submit(&page, "form[action^='/newsletter/confirm/']", &[]).await;
        assert!(ada.follow(confirmed).await.text("[role=status]").contains("subscribed"));
        let proof = "SELECT count(*) FROM subscribers s JOIN consent_texts t ON t.hash = s.text_hash WHERE s.status = 'confirmed' AND s.source = '/' \
                     AND s.asked_ip = '127.0.0.1' AND s.confirmed_ip = '127.0.0.1' AND s.confirmed_at >= s.asked_at AND t.text LIKE 'News of our%'";
        assert_eq!(shop.count(proof).await, 1, "who, when, from where, and what they had read");
        assert_eq!(ada.get(&link).await.status, 404, "the link works once");
        assert_eq!(ada.post(&link, &[]).await.status, 404);

        ask(&ada, BO).await;
        shop.work().await;
        let late = newest(shop, BO).link("/newsletter/confirm/");
        shop.app.clock.shift_seconds(WEEK + 1);
        assert_eq!((ada.get(&late).await.status, ada.post(&late, &[]).await.status), (404, 404), "after a week it is too late");
        shop.app.clock.shift_seconds(4 * WEEK);
        shop.work().await;
        assert_eq!(shop.count("SELECT count(*) FROM subscribers").await, 1, "an address that proved nothing is forgotten");
    })
    .await;
}

#[tokio::test]
async fn asking_answers_the_same_whether_or_not_the_address_is_known() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        subscribe(shop, ADA).await;
        let page = desk.get("/admin/newsletter/suppressions").await;
        assert_eq!(desk.submit(&page, "form.add", &[("email", "Eve@example.com"), ("why", "She wrote to us")]).await.status, 303);
        shop.app.clock.shift_seconds(1_200);
        let mut seen = Vec::new();
        for email in [ADA, BO, "eve@example.com"] {
            let browser = shop.visitor();
            let answer = ask(&browser, email).await;
            seen.push((answer.status, answer.location(), answer.body.clone(), browser.cookie("flash")));
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
        shop.work().await;
        let letters = |email: &str| shop.mail.to(email).len();
        assert_eq!(
            (letters(ADA), letters(BO), letters("eve@example.com")),
            (1, 1, 0),
            "who is on the list needs no letter, who is suppressed gets none"
        );

        ask(&shop.visitor(), BO).await;
        shop.work().await;
        assert_eq!(letters(BO), 1, "a mailbox is not flooded");
        shop.app.clock.shift_seconds(1_200);
        ask(&shop.visitor(), BO).await;
        shop.work().await;
        assert_eq!(letters(BO), 2, "a lost letter is written again");

        // A letter that asks is written, and the mail server is away.
        ask(&shop.visitor(), "dan@example.com").await;
        let asked: serde_json::Value =
            sqlx::query_scalar("SELECT payload FROM jobs WHERE kind = 'newsletter.asked'").fetch_one(shop.db()).await.expect("a letter to write");
        run_job(&shop.app, "newsletter.asked", asked).await.expect("written");
        desk.post("/admin/newsletter/suppressions", &[("email", "dan@example.com"), ("why", "A complaint")]).await;
        shop.work().await;
        assert_eq!(letters("dan@example.com"), 0, "what is not out yet stays in");

        let link = newest(shop, BO).link("/newsletter/confirm/");
        desk.post("/admin/newsletter/suppressions", &[("email", BO), ("why", "A complaint")]).await;
        assert_eq!((shop.visitor().get(&link).await.status, shop.visitor().post(&link, &[]).await.status), (404, 404), "suppression wins");
    })
    .await;
}

#[tokio::test]
async fn a_bad_address_comes_back_with_a_sentence_and_patience_ends() {
    shop_test(|shop| async move {
        let browser = shop.visitor();
        let refused = ask(&browser, "ada at example").await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.attr("form.newsletter input[name=email]", "value"), "ada at example");
        assert_eq!(refused.attr("form.newsletter input[name=from]", "value"), "/");
        assert!(refused.text("#newsletter-error").contains("name@example.com"));
        assert!(browser.get("/newsletter").await.has("form.newsletter"));
        let elsewhere = browser.post("/newsletter", &[("email", ADA), ("from", "https://evil.example/")]).await;
        assert_eq!(elsewhere.location().as_deref(), Some("/newsletter"), "nobody is sent to another site");
        for _ in 0..4 {
            assert_eq!(ask(&browser, ADA).await.status, 303);
        }
        assert_eq!(ask(&browser, ADA).await.status, 429);
    })
    .await;
}

#[tokio::test]
async fn one_click_leaves_without_session_and_origin() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        for email in [ADA, BO, "eve@example.com"] {
            subscribe(shop, email).await;
        }
        ask(&shop.visitor(), "dan@example.com").await;
        let issue = draft(&desk, "Spring").await;
        assert_eq!(send(&desk, &issue).await.status, 303);
        shop.work().await;
        assert!(shop.mail.to("dan@example.com").iter().all(|letter| letter.header("Subject") != "Spring"), "he has not confirmed");

        let letter = newest(shop, ADA);
        assert_eq!((letter.header("Subject").as_str(), letter.header("List-Unsubscribe-Post").as_str()), ("Spring", "List-Unsubscribe=One-Click"));
        let address = letter.header("List-Unsubscribe");
        let address = address.trim_matches(['<', '>']);
        assert!(address.starts_with(&format!("{}/newsletter/unsubscribe/", shop.origin)), "{address}");
        let text = letter.text();
        assert!(text.contains("<strong>New</strong>") && text.contains("**New** pots"), "both twins: {text}");
        assert!(text.contains(&format!("{}/products/lamp", shop.origin)), "links lead to the shop");
        assert!(text.contains(&format!("Unsubscribe: {address}")) && text.contains("Teapots Ltd") && text.contains("1 Quay Street"), "{text}");

        let form = ("content-type", "application/x-www-form-urlencoded");
        let done = shop.visitor().post_raw(address, &[form], b"List-Unsubscribe=One-Click".to_vec()).await;
        assert_eq!(done.status, 200, "no redirect either");
        let again = shop.visitor().post_raw(address, &[form], b"List-Unsubscribe=One-Click".to_vec()).await;
        assert_eq!(again.status, 200);
        let multipart = b"--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n".to_vec();
        let link = newest(shop, BO).link("/newsletter/unsubscribe/");
        assert_eq!(shop.visitor().post_raw(&link, &[("content-type", "multipart/form-data; boundary=b")], multipart).await.status, 200);
        assert_eq!(shop.count("SELECT count(*) FROM subscribers WHERE status = 'unsubscribed' AND reason = 'one_click'").await, 2);

        let link = newest(shop, "eve@example.com").link("/newsletter/unsubscribe/");
        let page = shop.visitor().get(&link).await;
        assert_eq!((page.status, shop.count(CONFIRMED).await), (200, 1), "looking leaves nothing");
        let left = shop.visitor().submit(&page, "form[action^='/newsletter/unsubscribe/']", &[]).await;
        assert!(left.text("h1").contains("You are unsubscribed"), "{}", left.body);
        assert_eq!(shop.count("SELECT count(*) FROM subscribers WHERE reason = 'link'").await, 1);
        assert_eq!(shop.visitor().post("/newsletter/unsubscribe/nonsense", &[]).await.status, 404);

        shop.app.clock.shift_seconds(1_200);
        subscribe(shop, ADA).await;
        assert_eq!(shop.count(CONFIRMED).await, 1, "who left may come back");
    })
    .await;
}

#[tokio::test]
async fn who_leaves_or_is_suppressed_before_their_letter_goes_does_not_get_it() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        crowd(shop, 4).await;
        desk.post("/admin/newsletter/suppressions", &[("email", "reader1@example.com"), ("why", "Never asked")]).await;
        let issue = draft(&desk, "Summer").await;
        send(&desk, &issue).await;
        // The letters are written; the mail server was away.
        run_job(&shop.app, "newsletter.send", json!({ "issue": id_of(&issue) })).await.expect("a batch");
        assert_eq!(shop.count("SELECT count(*) FROM mails WHERE kind = 'newsletter' AND status = 'queued'").await, 3);
        desk.post("/admin/newsletter/suppressions", &[("email", "reader2@example.com"), ("why", "A complaint")]).await;
        let page = desk.get("/admin/newsletter/subscribers?q=READER3").await;
        let reader = desk.get(&page.attr("tbody th a", "href")).await;
        assert_eq!(desk.submit(&reader, "form.leave", &[]).await.status, 303);
        shop.work().await;
        let got = |n: i32| shop.mail.to(&format!("reader{n}@example.com")).len();
        assert_eq!([got(1), got(2), got(3), got(4)], [0, 0, 0, 1]);
        assert_eq!(desk.get("/admin/newsletter").await.texts("tbody td.number"), ["3", "1", "0", "2", "0"]);
    })
    .await;
}

#[tokio::test]
async fn an_issue_is_sent_when_no_letter_waits_any_more() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        crowd(shop, 3).await;
        let issue = draft(&desk, "Autumn").await;
        let page = desk.get(&issue).await;
        assert_eq!(desk.submit(&page, "form.send", &[("sure", "1")]).await.status, 303);
        for _ in 0..2 {
            run_job(&shop.app, "newsletter.send", json!({ "issue": id_of(&issue) })).await.expect("letters are written");
        }
        let state = async || (desk.get("/admin/newsletter").await.text("tbody .status"), desk.get(&issue).await.text("dl.summary dd"));
        assert_eq!(shop.count("SELECT count(*) FROM newsletter_issues WHERE state = 'sent'").await, 1, "all are written");
        assert_eq!(state().await, ("on its way".to_owned(), "on its way".to_owned()));
        shop.work().await;
        assert_eq!(state().await, ("sent".to_owned(), "sent".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn an_issue_reaches_everybody_once_whoever_sends_it_and_dies() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        crowd(shop, 120).await;
        let issue = draft(&desk, "Autumn").await;
        let page = desk.get(&issue).await;
        let (first, second) = tokio::join!(desk.submit(&page, "form.send", &[("sure", "1")]), desk.submit(&page, "form.send", &[("sure", "1")]));
        assert_eq!((first.status, second.status), (303, 303));
        assert_eq!(shop.count("SELECT count(*) FROM jobs WHERE kind = 'newsletter.send'").await, 1, "two clicks are one sending");

        // One batch is done and its worker died before it said so: the job is still there.
        let batch = json!({ "issue": id_of(&issue) });
        run_job(&shop.app, "newsletter.send", batch.clone()).await.expect("a batch");
        // A letter went out and its worker died before it noted that.
        let (parcel, mail): (serde_json::Value, String) =
            sqlx::query_as("SELECT payload, payload->>'mail' FROM jobs WHERE kind = 'newsletter.deliver' ORDER BY id LIMIT 1")
                .fetch_one(shop.db())
                .await
                .expect("a letter to send");
        let (other, _) = shop.second_node().await;
        let (one, two) =
            tokio::join!(run_job(&shop.app, "newsletter.deliver", parcel.clone()), run_job(&other, "newsletter.deliver", parcel.clone()));
        one.and(two).expect("one of two hands sends it");
        sqlx::query("UPDATE mails SET status = 'sending' WHERE id::text = $1").bind(&mail).execute(shop.db()).await.expect("a death");

        let (one, two, three, four) = tokio::join!(
            work::do_due(&shop.app),
            work::do_due(&other),
            run_job(&shop.app, "newsletter.send", batch.clone()),
            run_job(&other, "newsletter.send", batch.clone())
        );
        one.and(two).and(three).and(four).expect("all hands");
        shop.work().await;
        for n in 1..=120 {
            assert_eq!(shop.mail.to(&format!("reader{n}@example.com")).len(), 1, "reader {n}");
        }
        assert_eq!(shop.count("SELECT count(*) FROM newsletter_deliveries WHERE state = 'sent'").await, 119);
        assert_eq!(shop.count("SELECT count(*) FROM newsletter_deliveries WHERE state = 'unsure'").await, 1, "said to staff, not sent again");
        assert_eq!(shop.count("SELECT count(*) FROM newsletter_issues WHERE state = 'sent'").await, 1);
        subscribe(shop, ADA).await;
        run_job(&shop.app, "newsletter.send", batch).await.expect("nothing to do");
        assert_eq!(send_again(&desk, &issue).await.status, 303);
        shop.work().await;
        assert_eq!(shop.mail.to(ADA).len(), 1, "who comes later gets the next one");
    })
    .await;
}

/// Sends an issue with a form that was opened before it went out.
async fn send_again(desk: &Browser, issue: &str) -> Page {
    desk.post(&format!("{issue}/send"), &[("sure", "1"), ("version", "1")]).await
}

#[tokio::test]
async fn a_letter_whose_answer_was_lost_is_not_sent_again() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        crowd(shop, 4).await;
        for (n, name) in [(1, "silent"), (2, "refused"), (3, "busy")] {
            sqlx::query("UPDATE subscribers SET email = $2, email_key = $2 WHERE email = $1")
                .bind(format!("reader{n}@example.com"))
                .bind(format!("{name}@example.com"))
                .execute(shop.db())
                .await
                .expect("another address");
        }
        let issue = draft(&desk, "Fog").await;
        send(&desk, &issue).await;
        shop.work().await;
        let got = |name: &str| shop.mail.to(&format!("{name}@example.com")).len();
        assert_eq!([got("silent"), got("refused"), got("busy"), got("reader4")], [1, 0, 0, 1]);
        shop.pass(600).await;
        assert_eq!([got("silent"), got("refused"), got("busy"), got("reader4")], [1, 0, 1, 1], "only a plain no for now is asked again");
        assert_eq!(desk.get("/admin/newsletter").await.texts("tbody td.number"), ["4", "2", "0", "0", "2"]);
        let states = "SELECT count(*) FROM newsletter_deliveries WHERE state IN ('unsure', 'refused')";
        assert_eq!(shop.count(states).await, 2);
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_letters_are_kept() {
    let shop = Shop::open_without_mail().await;
    let desk = shop.owner().await;
    crowd(&shop, 1).await;
    let issue = draft(&desk, "Winter").await;
    send(&desk, &issue).await;
    shop.work().await;
    assert_eq!(shop.count("SELECT count(*) FROM mails WHERE kind = 'newsletter' AND status = 'kept'").await, 1);
    assert!(desk.get(&issue).await.text("dl.summary").contains("Kept: no mail server1"), "{}", desk.get(&issue).await.text("dl.summary"));
    assert!(desk.get("/admin/newsletter").await.text(".notice").contains("No mail server"));
    shop.close().await;
}

#[tokio::test]
async fn an_issue_is_written_tried_and_sent() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        assert!(desk.get("/admin/newsletter").await.text(".empty").contains("No issue yet"));
        assert_eq!(desk.post("/admin/newsletter/issues/new", &[("subject", ""), ("body", "")]).await.status, 422);
        let issue = draft(&desk, "Spring").await;
        let page = desk.get(&issue).await;
        assert_eq!(desk.submit(&page, "form.write", &[("subject", "Late spring")]).await.status, 303);
        let stale = desk.submit(&page, "form.write", &[("subject", "Early spring")]).await;
        assert_eq!((stale.status, stale.attr("#subject", "value").as_str()), (409, "Early spring"), "nobody's change is lost unseen");
        assert_eq!(desk.submit(&page, "form.write", &[("body", "")]).await.status, 422);

        let preview = desk.get(&format!("{issue}/preview")).await;
        assert!(preview.header("content-security-policy").starts_with("sandbox") && preview.body.contains("<strong>New</strong>"));
        let page = desk.get(&issue).await;
        assert_eq!(desk.submit(&page, "form.test", &[]).await.status, 303);
        shop.work().await;
        let letter = newest(shop, "mei@example.com");
        assert_eq!(
            (letter.header("Subject").as_str(), letter.header("List-Unsubscribe-Post").as_str()),
            ("Late spring", "List-Unsubscribe=One-Click")
        );
        assert_eq!(shop.visitor().get(&letter.link("/newsletter/unsubscribe/")).await.status, 404);

        desk.post("/admin/newsletter/suppressions", &[("email", "mei@example.com"), ("why", "Trying it")]).await;
        desk.submit(&page, "form.test", &[]).await;
        shop.work().await;
        assert_eq!(shop.mail.to("mei@example.com").len(), 1, "suppression holds for tests too");

        subscribe(shop, ADA).await;
        assert_eq!(desk.submit(&page, "form.send", &[]).await.status, 422, "the box is not ticked");
        assert_eq!(desk.submit(&page, "form.send", &[("sure", "1"), ("version", "1")]).await.status, 409, "another text than the one that was read");
        assert_eq!(send(&desk, &issue).await.location().as_deref(), Some(issue.as_str()));
        shop.work().await;
        assert_eq!(newest(shop, ADA).header("Subject"), "Late spring");
        for (path, fields) in [("", vec![("subject", "x"), ("body", "x"), ("version", "3")]), ("/delete", vec![]), ("/send", vec![("sure", "1")])] {
            assert_eq!(desk.post(&format!("{issue}{path}"), &fields).await.location().as_deref(), Some(issue.as_str()), "what is sent stays: {path}");
        }
        assert_eq!(desk.get(&issue).await.text("dl.summary div dd"), "sent");

        let other = draft(&desk, "Never").await;
        assert_eq!(desk.post(&format!("{other}/delete"), &[]).await.location().as_deref(), Some("/admin/newsletter"));
        assert_eq!(desk.get(&other).await.status, 404);
        let log = desk.get("/admin/audit?entity=newsletter_issue").await.body;
        for action in ["create", "update", "send", "delete"] {
            assert!(log.contains(&format!("{action} newsletter issue")), "{action}: {log}");
        }
    })
    .await;
}

#[tokio::test]
async fn staff_find_suppress_and_export_readers() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        crowd(shop, 60).await;
        ask(&shop.visitor(), "=cmd@example.com").await;
        shop.work().await;
        let list = desk.get("/admin/newsletter/subscribers").await;
        assert_eq!(list.texts("tbody tr").len(), 50);
        let older = desk.get(&list.attr("nav.pager a[rel=next]", "href")).await;
        assert_eq!(older.texts("tbody tr").len(), 11);
        assert_eq!(desk.get("/admin/newsletter/subscribers?status=pending").await.texts("tbody th"), ["=cmd@example.com"]);
        assert!(desk.get("/admin/newsletter/subscribers?q=nobody").await.has(".empty"));

        let found = desk.get("/admin/newsletter/subscribers?q=reader17@").await;
        let reader = found.attr("tbody th a", "href");
        let page = desk.get(&reader).await;
        assert!(page.text("section.panel").contains("Yes."), "the proof is shown");
        assert_eq!(desk.post("/admin/newsletter/suppressions", &[("email", "nonsense"), ("why", "")]).await.status, 422);
        assert_eq!(desk.submit(&page, "form.suppress", &[("why", "A complaint")]).await.status, 303);
        assert!(desk.get(&reader).await.text(".notice").contains("suppressed"));
        let numbers = desk.get("/admin/newsletter").await.texts("dl.summary dd");
        assert_eq!(numbers, ["59", "1", "1", "1"]);

        let file = desk.get("/admin/newsletter/subscribers.csv").await;
        assert_eq!((file.header("content-type"), file.header("cache-control")), ("text/csv; charset=utf-8", "no-store"));
        let mut rows = csv::Reader::from_reader(file.body.as_bytes());
        let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), 61);
        let of = |email: &str| rows.iter().find(|row| &row[0] == email).unwrap_or_else(|| panic!("{email}"));
        let gone = of("reader17@example.com");
        assert_eq!((&gone[2], &gone[3], &gone[5], &gone[11]), ("unsubscribed", "yes", "Yes.", "staff"));
        assert_eq!(&of("'=cmd@example.com")[2], "pending", "no stranger writes a formula");

        let page = desk.get("/admin/newsletter/suppressions").await;
        assert!(page.text("tbody tr").contains("A complaint"));
        assert_eq!(desk.submit(&page, "tbody form", &[]).await.status, 303);
        assert!(desk.get("/admin/newsletter/suppressions").await.has(".empty"));
        let log = desk.get("/admin/audit").await.body;
        for entry in ["create suppression", "delete suppression", "export subscriber"] {
            assert!(log.contains(entry), "{entry}");
        }
        let clerk = shop.staff("cal@example.com", "Cal", Some("clerk")).await;
        for path in ["/admin/newsletter", "/admin/newsletter/subscribers", "/admin/newsletter/subscribers.csv", "/admin/newsletter/suppressions"] {
            assert_eq!(clerk.get(path).await.status, 403, "{path}");
        }
        assert!(!clerk.get("/admin").await.has("a[href='/admin/newsletter']"));
    })
    .await;
}
