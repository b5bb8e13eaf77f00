//! What one may do for somebody, and what not.

use super::*;

#[tokio::test]
async fn whoever_has_a_cabinet_hears_at_once_and_sees_who_and_what() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let mut form = attorney(1);
    form["services"] = json!(["talk"]);
    world.post_as(&boris, MINE, form).await.expect(201);
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("хочет записываться на приём за вас"));
    let theirs = world.get_as(&anna, THEIRS).await.expect(200);
    assert_eq!(
        (theirs.text("/items/0/givenName"), theirs.text("/items/0/representativeId")),
        ("Анна".into(), boris.id.clone())
    );
    assert_eq!(theirs.body["items"][0]["services"], json!(["talk"]));
    let queue = world.staff(&operator, Method::GET, QUEUE, Value::Null).await.expect(200);
    let id = queue.text("/items/0/id");
    take(&world, &operator, &id).await.expect(200);
    let readings = world.get_as(&anna, "/v1/me/readings").await.expect(200);
    assert_eq!(readings.text("/items/0/subject"), "representation");
    world.a_minute_later().await;
    decide(&world, &operator, &id, "approved").await.expect(204);
    world.settle().await;
    assert!(world.sent_to(&anna.phone).pop().unwrap().contains("ваш представитель может"));
    // For that service he acts, for another it is as if he were a stranger.
    let booked = book(&world, &boris, &anna.id, THURSDAY).await.expect(201);
    let other = booking("two", "paper", "2026-12-04T09:00:00+03:00");
    act(&world, &boris, &anna.id, Method::POST, "/v1/appointments", other.clone())
        .await
        .refused(403, "not-represented");
    let own = world.post_as(&anna, "/v1/appointments", other).await.expect(201).text("/id");
    let path = format!("/v1/appointments/{own}");
    act(&world, &boris, &anna.id, Method::GET, &path, Value::Null).await.refused(404, "not-found");
    act(&world, &boris, &anna.id, Method::POST, &format!("{path}/cancel"), json!({}))
        .await
        .refused(404, "not-found");
    let listed =
        act(&world, &boris, &anna.id, Method::GET, "/v1/appointments", Value::Null).await.expect(200);
    assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1), "{}", listed.raw);
    world.settle().await;
    // She sees who did it; both hear of it, each in their own words.
    let history =
        world.get_as(&anna, &format!("/v1/appointments/{}/history", booked.text("/id"))).await.expect(200);
    assert_eq!(
        (history.text("/items/0/whoText"), history.text("/items/0/representativeId")),
        ("Представитель".into(), boris.id.clone())
    );
    let code = booked.text("/code");
    let told = |who: &Citizen| {
        world.sent_to(&who.phone).iter().filter(|sms| sms.contains(&code)).cloned().collect::<Vec<_>>()
    };
    assert_eq!((told(&anna).len(), told(&boris).len()), (1, 1));
    assert!(told(&boris)[0].starts_with("Для: Анна.") && !told(&anna)[0].starts_with("Для"));
    // Of what he may not act for he hears nothing.
    assert_eq!(world.sent_to(&boris.phone).iter().filter(|sms| sms.starts_with("Для")).count(), 1);
    // What is her own alone is not his.
    for path in ["/v1/me", "/v1/inbox", "/v1/me/profile", "/v1/sessions"] {
        act(&world, &boris, &anna.id, Method::GET, path, Value::Null).await.refused(403, "own-only");
    }
}

#[tokio::test]
async fn moving_waiting_and_taking_an_offer_are_done_for_the_child() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, world.citizen().await);
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    let booked = book(&world, &anna, &ivan, THURSDAY).await.expect(201).text("/id");
    let path = format!("/v1/appointments/{booked}");
    let to = json!({ "officeId": "two", "startsAt": FRIDAY });
    act(&world, &anna, &ivan, Method::POST, &format!("{path}/reschedule"), to).await.expect(200);
    act(&world, &anna, &ivan, Method::POST, &format!("{path}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    let held = world.book(&boris, "one", "talk", FRIDAY).await.text("/id");
    let wish = json!({ "serviceId": "talk", "offices": ["one"], "from": "2026-12-04", "to": "2026-12-04" });
    act(&world, &anna, &ivan, Method::POST, "/v1/waitlist", wish).await.expect(201);
    world.settle().await;
    world.post_as(&boris, &format!("/v1/appointments/{held}/cancel"), json!({})).await.expect(200);
    world.settle().await;
    let place = act(&world, &anna, &ivan, Method::GET, "/v1/waitlist/talk", Value::Null).await.expect(200);
    let offer = place.text("/offerId");
    // She is written to, and signs in to answer: by no link anybody else acts for him.
    let sms = world.sent_to(&anna.phone).pop().unwrap();
    assert!(sms.contains(&format!("{offer}?for={ivan}")) && !sms.contains("token="), "{sms}");
    let path = format!("/v1/offers/{offer}");
    world.get_as(&anna, &path).await.refused(404, "not-found");
    act(&world, &boris, &ivan, Method::POST, &format!("{path}/accept"), json!({}))
        .await
        .refused(403, "not-represented");
    let taken =
        act(&world, &anna, &ivan, Method::POST, &format!("{path}/accept"), json!({})).await.expect(200);
    let history = format!("/v1/appointments/{}/history", taken.text("/id"));
    let history = act(&world, &anna, &ivan, Method::GET, &history, Value::Null).await.expect(200);
    assert_eq!(
        (history.text("/items/0/what"), history.text("/items/0/representativeId")),
        ("accepted".into(), anna.id.clone())
    );
    let waited =
        act(&world, &anna, &ivan, Method::GET, "/v1/waitlist/talk/history", Value::Null).await.expect(200);
    assert_eq!(waited.text("/items/0/representativeId"), anna.id);
    world.settle().await;
}

#[tokio::test]
async fn of_both_parents_one_books_and_the_other_is_told_that_it_is_booked() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    assert_eq!(let_act(&world, &boris, &operator, child()).await, ivan, "one child");
    let (one, other) =
        futures::join!(book(&world, &anna, &ivan, THURSDAY), book(&world, &boris, &ivan, THURSDAY));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", one.raw, other.raw);
    let lost = if one.status == 409 { one } else { other };
    assert_eq!(lost.problem(), "already-booked");
    world.settle().await;
    for who in [&anna, &boris] {
        let told = world.sent_to(&who.phone).into_iter().filter(|sms| sms.starts_with("Для: Иван.")).count();
        assert_eq!(told, 1, "both hear of it once");
    }
}

#[tokio::test]
async fn a_stranger_hears_the_same_of_everybody_and_nothing_is_written() {
    let world = World::new().await;
    let (anna, boris) = (shown(&world, 1).await, shown(&world, 2).await);
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    // An application that waits gives nothing yet.
    world.post_as(&boris, MINE, attorney(1)).await.expect(201);
    world.settle().await;
    let records = || world.system.table().stream_after(None, 100_000).expect("the stream").len();
    let before = records();
    let mut heard = Vec::new();
    for whom in [anna.id.as_str(), ivan.as_str(), NOBODY, "!"] {
        let answers = [
            book(&world, &boris, whom, THURSDAY).await,
            act(&world, &boris, whom, Method::GET, "/v1/appointments", Value::Null).await,
            act(&world, &boris, whom, Method::GET, "/v1/documents/grant", Value::Null).await,
            act(&world, &boris, whom, Method::GET, "/v1/waitlist", Value::Null).await,
        ];
        for answer in answers {
            heard.push(answer.refused(403, "not-represented").raw);
        }
    }
    heard.dedup();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(records(), before);
    // Nor does somebody else's application or right have an end for him.
    let mine = world.get_as(&anna, MINE).await.expect(200).text("/items/0/id");
    for path in
        [format!("{MINE}/{mine}/end"), format!("{THEIRS}/{mine}/end"), format!("{THEIRS}/{NOBODY}/end")]
    {
        world.post_as(&boris, &path, Value::Null).await.refused(404, "not-found");
    }
    assert_eq!(records(), before);
}

#[tokio::test]
async fn files_for_the_childs_visit_are_brought_by_the_parent() {
    let world = World::new().await;
    let anna = shown(&world, 1).await;
    let operator = operator(&world).await;
    let ivan = let_act(&world, &anna, &operator, child()).await;
    let folder = "/v1/documents/grant";
    let announced = json!({ "document": "passport", "fileName": "ivan.pdf", "size": 900 });
    act(&world, &anna, &ivan, Method::POST, &format!("{folder}/files"), announced).await.expect(201);
    let seen = act(&world, &anna, &ivan, Method::GET, folder, Value::Null).await.expect(200);
    let file = seen.text("/documents/0/files/0/id");
    assert_eq!(seen.text("/documents/0/files/0/fileName"), "ivan.pdf");
    // It lies with his papers and not with hers.
    let own = world.get_as(&anna, folder).await.expect(200);
    assert_eq!(own.body["documents"][0]["files"], json!([]));
    act(&world, &anna, &ivan, Method::DELETE, &format!("{folder}/files/{file}"), Value::Null)
        .await
        .expect(204);
    world.settle().await;
}

#[tokio::test]
async fn what_two_representatives_call_by_the_same_key_are_two_things() {
    let world = World::new().await;
    let (anna, boris, vera) = (shown(&world, 1).await, shown(&world, 2).await, shown(&world, 3).await);
    let operator = operator(&world).await;
    let_act(&world, &boris, &operator, attorney(1)).await;
    let mut other = attorney(1);
    other["number"] = json!("77 АА 7654321");
    let_act(&world, &vera, &operator, other).await;
    let ask = |who: &Citizen, body: Value| {
        let (world, token, whom) = (&world, who.token.clone(), anna.id.clone());
        async move {
            let headers = [("acting-for", whom.as_str()), ("idempotency-key", "1")];
            world.ask(Method::POST, "/v1/appointments", Some(&token), Some(body), &headers).await
        }
    };
    let (talk, paper) =
        (booking("two", "talk", THURSDAY), booking("two", "paper", "2026-12-04T09:00:00+03:00"));
    let first = ask(&boris, talk.clone()).await.expect(201);
    // The same word for the same: it is not hers that is answered, and another thing by it is no mistake.
    ask(&vera, talk.clone()).await.refused(409, "already-booked");
    assert_eq!(ask(&boris, talk.clone()).await.expect(201).text("/id"), first.text("/id"));
    ask(&boris, paper.clone()).await.refused(422, "idempotency-mismatch");
    let own = [("idempotency-key", "1")];
    let hers =
        world.ask(Method::POST, "/v1/appointments", Some(&anna.token), Some(paper), &own).await.expect(201);
    assert_ne!(hers.text("/id"), first.text("/id"));
    world.settle().await;
}
