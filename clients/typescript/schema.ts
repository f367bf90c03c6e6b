/** Types of the API, made by `npm run openapi` from clients/openapi.json: not to be edited. */
export interface paths {
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description For the operator: newest first, revoked ones included; the key of the configuration is not among them.
         */
        get: operations["api_keys_list"];
        put?: never;
        /**
         * Create an API key
         * @description For the operator. The answer is the only one that shows the key.
         */
        post: operations["api_keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an API key
         * @description For the operator.
         */
        get: operations["api_keys_get"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description For the operator. From the next request on the key is refused, by every API, also in an overlap; it stays in the list.
         */
        delete: operations["api_keys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an API key a new text
         * @description For the operator. The new text works at once, and this answer is the only one that shows it; the old one works on for overlap_seconds. 409 where the key is revoked or has expired.
         */
        post: operations["api_keys_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what, newest first
         * @description Every change through the API, every look at a signing secret, and what became of endpoints by itself (`system`); published events and tests are records of their own. A customer’s key sees what was changed of that customer’s, by whomever. OpenAPI names the action of an operation as x-audit-action.
         */
        get: operations["audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers, newest first
         * @description Registered ones, and those that something was made for. A customer’s key sees its own.
         */
        get: operations["customers_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customer_id}/endpoints/{uid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Create a customer’s endpoint, or make it what the body says
         * @description For set-up that is repeated: members left out have their defaults. 201 and the secret where it was created, else 200; the secret of one that exists stays, and 409 `endpoint_secret_differs` where another is given.
         */
        put: operations["customers_put_endpoint"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a customer
         * @description With what it has now.
         */
        get: operations["customers_get"];
        /**
         * Register a customer, or change what is said of it
         * @description Members left out are empty. 201 where it was not known. Changes of limits hold within 15 seconds.
         */
        put: operations["customers_put"];
        post?: never;
        /**
         * Erase a customer and everything of it
         * @description Its endpoints are deleted, its keys revoked, and of its events the data, metadata and uids, and what receivers answered, are erased for good, step by step; that there were events and deliveries is kept as long as others. Nothing more is accepted for it meanwhile. Safe to repeat.
         */
        delete: operations["customers_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause all endpoints of a customer
         * @description Those that are enabled now, each as if it were paused alone. Safe to repeat.
         */
        post: operations["customers_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume all paused endpoints of a customer
         * @description Whoever paused them. Safe to repeat.
         */
        post: operations["customers_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries that ended undelivered, newest first */
        get: operations["dead_letters_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take dead letters off the list for good
         * @description They become cancelled, at most 10,000 at a time: where the answer is `capped`, ask again for the rest. Selects as retry does; with dry_run it only counts.
         */
        post: operations["dead_letters_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send dead letters once more
         * @description Begins a replay of them, after live deliveries, with their retries anew. `filter` takes the filters of the list, and ids; "all": true selects every one. With dry_run it answers 200 with the count and does nothing.
         */
        post: operations["dead_letters_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries, newest first */
        get: operations["deliveries_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a delivery with its last attempts, and what holds it back */
        get: operations["deliveries_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the attempts of a delivery, newest first
         * @description With the bodies of as many as fit into one answer; read alone, an attempt has them.
         */
        get: operations["deliveries_list_attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/attempts/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an attempt with its bodies */
        get: operations["deliveries_get_attempt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a delivery that is not delivered yet
         * @description One that is being sent is cancelled unless its answer is 2xx. 409 where it has ended otherwise.
         */
        post: operations["deliveries_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery once more, now
         * @description One attempt on the endpoint’s current URL and secret, whatever its state; on a delivered one a resend. It passes a pause and an open breaker, but waits for the endpoint’s rate and cap. Asking again before it is sent changes nothing. 409 while an attempt is under way, for a cancelled or scheduled delivery, for a challenge, where the endpoint is deleted or unverified, and where it keeps the order and another comes before.
         */
        post: operations["deliveries_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/signed-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the request of a delivery, signed now
         * @description By the endpoint’s current URL, headers and secrets, by itself also where it went in a batch, and as a curl line. Nothing is sent and no attempt is counted. Each look is noted in the audit log; without that nothing is shown. 409 where the endpoint is deleted or the data is erased.
         */
        get: operations["deliveries_get_signed_request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count deliveries
         * @description By the filters of the list.
         */
        get: operations["deliveries_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow deliveries as they go on
         * @description Server-sent events, in the order in which they were committed, as long as the connection lasts; a comment every 15 seconds otherwise.
         *     A message `outcome` is an attempt, or an end without one; tests are left out. Whoever comes back with the header `Last-Event-ID` gets what came meanwhile, from whichever replica.
         *     What happened is kept for an hour: where that id is older, a message `missed` says from when to when nothing can be told (`after`, `before`), which `GET /v1/deliveries` still lists.
         *     A message `closed` says why we end it: the key is looked at again every 30 seconds. Who reads too slowly is cut. A key may have five streams open.
         */
        get: operations["deliveries_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/destination-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the destination rules
         * @description For the operator.
         */
        get: operations["destination_rules_get"];
        /**
         * Replace the destination rules
         * @description For the operator. Lists left out become empty; those of the configuration stay. API replicas judge by them at once, workers within two seconds, on kept connections too.
         */
        put: operations["destination_rules_replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/echo/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what came
         * @description Newest first. A customer's key sees that customer's deliveries only.
         */
        get: operations["echo_list"];
        put?: never;
        /**
         * Receive a request
         * @description Needs no key. Keeps the last 200 requests of each name in memory and answers as the query says; with the challenge where it is sent one.
         */
        post: operations["echo_receive"];
        /**
         * Forget what came
         * @description For the operator.
         */
        delete: operations["echo_clear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/egress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the addresses that deliveries come from
         * @description For the firewalls of receivers.
         */
        get: operations["egress_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List endpoints, newest first */
        get: operations["endpoints_list"];
        put?: never;
        /**
         * Create an endpoint
         * @description The answer shows its signing secret. With `dry_run=true` everything is checked as at creation, destination too, and nothing is kept; it answers 200. Where ownership is verified it is disabled until it answers the challenge that it is sent.
         */
        post: operations["endpoints_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an endpoint, with how it fares */
        get: operations["endpoints_get"];
        put?: never;
        post?: never;
        /**
         * Delete an endpoint
         * @description Its open deliveries are cancelled; its secrets are gone at once; its history can still be read.
         */
        delete: operations["endpoints_delete"];
        options?: never;
        head?: never;
        /**
         * Change an endpoint
         * @description Members left out keep their value and null returns to the default. retry and tls are changed member by member; the others are replaced as a whole, rate_limit, batch and breaker with the defaults for what they leave out. Attempts from now on use the new settings, those of held deliveries too. Where ownership is verified, another URL disables it until it answers the challenge that is sent there.
         */
        patch: operations["endpoints_update"];
        trace?: never;
    };
    "/v1/endpoints/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable an endpoint
         * @description Its open deliveries are held until it is enabled; of new events it gets skipped ones.
         */
        post: operations["endpoints_disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable an endpoint
         * @description Deliveries that were held while it was disabled or paused are sent now, and its circuit breaker starts anew. Enabled already, only the breaker changes. 409 for a customer’s key while it is unverified; the operator (scope operate) answers for it by this.
         */
        post: operations["endpoints_enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an endpoint
         * @description Its deliveries, retries too, are held until it is resumed; new events are accepted and held. If it is paused already, only `until` changes, where that is given. 409 while it is disabled.
         */
        post: operations["endpoints_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send what an endpoint missed while it was disabled
         * @description Begins a replay of its skipped deliveries, after live ones. Once more is harmless: what is not skipped any more is not selected. With dry_run it answers 200 with the count and does nothing. 409 while the endpoint is disabled: enable it.
         */
        post: operations["endpoints_recover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume an endpoint
         * @description What was held is sent, under the endpoint’s rules. An open circuit breaker probes at once, of an endpoint that is not paused too. 409 while it is disabled: enable it.
         */
        post: operations["endpoints_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the live signing secrets of an endpoint
         * @description Each look is noted in the audit log; without that nothing is shown.
         */
        get: operations["endpoints_get_secrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/secret/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign everything with the newest secret first
         * @description The body’s signature and X-Webhook-Signature use the newest secret from the next attempt on; the others stay live in webhook-signature until their overlap ends. Safe to repeat.
         */
        post: operations["endpoints_promote_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/secret/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke signing secrets of an endpoint
         * @description Without a body all but the newest. They sign no attempt from the next on. Revoking the newest takes its rotation back: the one before it has no end any more. Safe to repeat. 409 where none would be left.
         */
        post: operations["endpoints_revoke_secrets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an endpoint a new signing secret
         * @description From the next attempt on webhook-signature has an entry of the new secret and, until the overlap ends, of those before it. The body’s signature and X-Webhook-Signature use the old one until the overlap ends or the new one is promoted. Repeated, it makes one more secret, unless `secret` is given. 409 where too many are live.
         */
        post: operations["endpoints_rotate_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Success rates, latencies, errors and backlog of an endpoint */
        get: operations["endpoints_get_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event to an endpoint and wait for its answer
         * @description One attempt, without retries, whatever the endpoint’s filter and status are; 409 where it is unverified. Answers 202 with attempt null where none was recorded within the endpoint’s timeout and ten seconds.
         */
        post: operations["endpoints_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read whether an endpoint is verified, and what came of its last challenge */
        get: operations["endpoints_get_verification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/endpoints/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an unverified endpoint another challenge and wait for its answer
         * @description Answers what GET verification does, once the endpoint answered or its timeout and ten seconds are over. While a challenge is under way it waits for that one. 409 where the endpoint is not unverified.
         */
        post: operations["endpoints_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List event types
         * @description Built-in, operational and registered ones, by name.
         */
        get: operations["event_types_list"];
        put?: never;
        /**
         * Register an event type
         * @description For the operator. `batch`, `endpoint.*` and `delivery.*` are reserved.
         */
        post: operations["event_types_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/event-types/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an event type */
        get: operations["event_types_get"];
        put?: never;
        post?: never;
        /**
         * Delete an event type
         * @description For the operator: a registered type that no endpoint names.
         */
        delete: operations["event_types_delete"];
        options?: never;
        head?: never;
        /**
         * Change an event type
         * @description For the operator: description and schema of a registered type. Events accepted before stay as they are.
         */
        patch: operations["event_types_update"];
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events
         * @description Newest first, without tests; with data where `include=data`. A customer's key sees that customer's. A request looks at 2,000 events at most: a page may be empty and still have a next_cursor.
         */
        get: operations["events_list"];
        put?: never;
        /**
         * Publish an event
         * @description A 202 means that the event and its deliveries are stored for good: from here on nothing loses them, whatever fails.
         */
        post: operations["events_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an event
         * @description With its data, and how many of its deliveries are in which state now.
         */
        get: operations["events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a scheduled event
         * @description Cancels its deliveries, as long as its time has not come. Cancelling twice changes nothing.
         */
        post: operations["events_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase what an event carried
         * @description For good: data, metadata and uid, and what receivers answered. What waits of it is cancelled, dead letters are discarded, and nothing of it can be sent again. 409 while it is being sent. Safe to repeat.
         */
        delete: operations["events_erase_data"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain why an event did or did not reach each endpoint
         * @description By what endpoints and its type were when it was accepted, whatever they are now: those it went to first, then those that could have got it, then deleted ones. A customer’s key is told of that customer’s endpoints.
         */
        get: operations["events_explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event to one endpoint, once more or for the first time
         * @description A new delivery with an id of its own, whatever the endpoint subscribes to; receivers that go by `delivery_id` process it. The endpoint is one of the event’s customer or of the operator, of any customer where the event went to all. 409 where the endpoint is disabled, the data is erased, or the event is a test.
         */
        post: operations["events_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish many events
         * @description Up to 1000; the answer has one entry an event, in the same order. All or none, unless `partial` is true: then each has its own status, with the event or the problem, and the whole is 422 where none was accepted.
         */
        post: operations["events_publish_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: operations["health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can it take requests?
         * @description `degraded` while Temporal is away or no worker runs (events are accepted, and their deliveries start when there is one again), while workers suspect their own network because many hosts fail and none is reached, where history has a place for fewer than three days to come (`history_days_few`), and where Postgres refused requests in the last ten seconds (its disk is full, it has no connections left). 503 `unavailable` while the database cannot be used (`database_unavailable`) or has not the schema of this version (`schema_outdated`), and once the process is about to stop.
         */
        get: operations["health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import endpoints of another sender
         * @description Up to 1000, each for itself; signed and shaped as their receivers know it. The sender’s id of each is its uid: a second import changes nothing but what differs, and never a secret or whether it is enabled.
         */
        post: operations["imports_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listeners/{id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell what a request of a listener was answered
         * @description It counts as the answer of the endpoint. 404 where none is waited for any more.
         */
        post: operations["listeners_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listeners/{id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take the requests of a listener as they are signed
         * @description Server-sent events, as `GET /v1/deliveries/stream` has them: a message `request` is to be answered by `POST …/answers` within its `timeout_ms`. What was taken and not answered when a stream ends is handed to the next. A listener has one stream; another takes its place. Where the listener of this name before it was removed because nobody listened, a message `missed` says first how many events went by since (`count`, more where `capped`), from `after` to `before`.
         */
        get: operations["listeners_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listeners/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a listener, or go on with the one of this name
         * @description Its endpoint has no address, no breaker and no dead letters: what fails is tried again for as long as somebody listens. What comes while nobody does is held. It is removed 15 minutes after the last stream ended, or by `DELETE /v1/endpoints/{id}`.
         */
        put: operations["listeners_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/master-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell what is sealed with which master key
         * @description For the operator. No key itself is shown, only names of keys.
         */
        get: operations["master_key_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/master-key/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Re-encrypt a part of what is secret with the first master key
         * @description For the operator; `posthorn keys rotate-master` does it all. One step goes through up to 250 endpoints; repeat with `after` until `next` is null. Safe to repeat, while everything runs. 409 while a process lives that has another master key first.
         */
        post: operations["master_key_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List portal links
         * @description For the operator: newest first, those that are over included.
         */
        get: operations["portal_sessions_list"];
        put?: never;
        /**
         * Make a link to a customer’s portal
         * @description For the operator. Send the customer there, or show it in a frame of a page that POSTHORN_PORTAL_FRAME_ANCESTORS names. The link opens once, and what it begins lasts until it expires or is revoked.
         */
        post: operations["portal_sessions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a portal link
         * @description For the operator. What it began is over with its next request, at every API.
         */
        delete: operations["portal_sessions_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List replays, newest first
         * @description Begun by POST /v1/replays, POST /v1/dead-letters/retry and POST /v1/endpoints/{id}/recover.
         */
        get: operations["replays_list"];
        put?: never;
        /**
         * Send any selection of deliveries once more
         * @description After live ones, in the order of acceptance. To their own endpoints they go under the same `delivery_id`: receivers that go by it ignore what they have, unless `new_delivery` is true. What was delivered before stays delivered if it fails now. `total` is counted on the way. What was erased is left out. With dry_run it answers 200 with the count and does nothing.
         */
        post: operations["replays_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a replay and how far it has come */
        get: operations["replays_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a replay
         * @description Nothing more is released, and what was released and not attempted since is again what it was; deliveries that the replay made are cancelled. What is being sent or waits for a retry goes on. Cancelled already, nothing changes; 409 where it is completed.
         */
        post: operations["replays_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{id}/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a cancelled replay go on
         * @description With what it had not released, and what was taken back; what it attempted is not sent again. While it runs nothing changes; 409 where it is completed, or what it released is still being taken back.
         */
        post: operations["replays_continue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is calling
         * @description The rights of the session, or of the key, that the request shows.
         */
        get: operations["session_get"];
        put?: never;
        /**
         * Begin a session of this browser
         * @description Sets a cookie that stands for the key, for twelve hours, out of reach of scripts and of other sites. It opens nothing once the key is revoked or has expired, or the session was ended.
         */
        post: operations["session_begin"];
        /**
         * End the session of this browser
         * @description For good, and everywhere. A request that shows a key instead ends nothing.
         */
        delete: operations["session_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/exchange": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a session by the code of a link
         * @description Needs no key. A code works once and for a quarter of an hour. A link to the console sets a cookie; one to a portal answers a token.
         */
        post: operations["session_exchange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link that signs a browser in
         * @description The URL begins one session of the console, for the key that made it, within 15 minutes. What `npm start` prints.
         */
        post: operations["session_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions of the console
         * @description For the operator: newest first, those that are over included.
         */
        get: operations["sessions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session of the console
         * @description For the operator. It is over with its next request, at every API.
         */
        delete: operations["sessions_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Success rates, latencies and errors over all endpoints
         * @description A customer’s key counts that customer’s endpoints, here and below. Listeners are left out, unless an endpoint is named.
         */
        get: operations["stats_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats/now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits, is held, is sent and is dead at this moment */
        get: operations["stats_get_now"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts and percentiles over time
         * @description Attempts are counted when they began, ends when they happened, created when events were accepted; tests are left out. Percentiles are exact to 5 %; `first_attempt_…` is how long after it was due a first attempt began.
         */
        get: operations["stats_get_series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The endpoints, error codes, customers or event types with the largest counts */
        get: operations["stats_list_top"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/temporal/codec/decode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decrypt payloads of Temporal
         * @description For the operator, by key or by session. What tools of Temporal call a codec server. Pages of the Temporal UI may read the answer; errors are kept from them, whereupon the UI shows payloads as they are stored.
         */
        post: operations["temporal_codec_decode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/temporal/codec/encode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Encrypt payloads for Temporal
         * @description For the operator, by key or by session. What tools of Temporal call a codec server. Pages of the Temporal UI may read the answer; errors are kept from them, whereupon the UI shows payloads as they are stored.
         */
        post: operations["temporal_codec_encode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a body
         * @description Builds the request that a delivery with these members would send, to test a receiver with.
         */
        post: operations["tools_sign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find out why a request does not verify
         * @description Checks what a receiver got by every rule and says for each whether it passed, and if not what probably happened to the request.
         */
        post: operations["tools_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which version answers */
        get: operations["version_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "api.rate_limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * api.rate_limit
         * @description A customer nears or reaches an API rate limit.
         */
        post: operations["webhook_api_rate_limit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    batch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * batch
         * @description Several events in one call, for endpoints with `batch`. Signed, answered and tried again as one; its own `delivery_id` begins with `bat_`.
         */
        post: operations["webhook_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "delivery.dead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * delivery.dead
         * @description A delivery ended undelivered.
         */
        post: operations["webhook_delivery_dead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "endpoint.closed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * endpoint.closed
         * @description The circuit breaker closed again; what was held is being delivered.
         */
        post: operations["webhook_endpoint_closed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "endpoint.disabled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * endpoint.disabled
         * @description An endpoint was disabled: by hand, by its 410, or after failing for long.
         */
        post: operations["webhook_endpoint_disabled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "endpoint.disabling": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * endpoint.disabling
         * @description An endpoint keeps failing; says when it will be disabled.
         */
        post: operations["webhook_endpoint_disabling"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "endpoint.failing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * endpoint.failing
         * @description Endpoints of a host fail; told once an outage, for all of them together.
         */
        post: operations["webhook_endpoint_failing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "endpoint.opened": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * endpoint.opened
         * @description An endpoint’s circuit breaker opened; its deliveries are held.
         */
        post: operations["webhook_endpoint_opened"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "endpoint.recovered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * endpoint.recovered
         * @description The outage of a host that was told of is over.
         */
        post: operations["webhook_endpoint_recovered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "endpoint.verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * endpoint.verification
         * @description Asks an endpoint whether it answers for its URL, where the operator wants that of a new endpoint or another URL. Nobody can publish it or subscribe to it.
         */
        post: operations["webhook_endpoint_verification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "job.cancelled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * job.cancelled
         * @description A job was cancelled by hand or timed out.
         */
        post: operations["webhook_job_cancelled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "job.completed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * job.completed
         * @description A job finished; carries the download URL and metadata.
         */
        post: operations["webhook_job_completed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "job.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * job.failed
         * @description A job met an error; carries what went wrong.
         */
        post: operations["webhook_job_failed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "job.progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * job.progress
         * @description Sent now and then while a job runs; only to endpoints that name it.
         */
        post: operations["webhook_job_progress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "system.maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * system.maintenance
         * @description Maintenance is planned; may go to every customer and be scheduled ahead.
         */
        post: operations["webhook_system_maintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        AcceptedEvent: {
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            deliver_at: string | null;
            /** @description How many endpoints it goes to; a customer's key counts that customer's. */
            deliveries: number;
            event: string;
            /** @description Why it reaches nobody, where it does not. */
            hint?: string;
            id: string;
            uid: string | null;
        };
        AcceptedEventBatch: {
            events: components["schemas"]["AcceptedEvent"][];
        };
        AcceptedItem: {
            event: components["schemas"]["AcceptedEvent"];
            /** @enum {number} */
            status: 202;
        };
        ApiKey: {
            allowed_cidrs: string[];
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            expires_at: string | null;
            /** @description Until when the text that the last rotation replaced is still taken; null where it is not. */
            former_valid_until: string | null;
            id: string;
            /** @description Exact to a minute. */
            last_used_at: string | null;
            name: string;
            revoked_at: string | null;
            scopes: components["schemas"]["KeyScope"][];
        };
        ApiKeyList: {
            items: components["schemas"]["ApiKey"][];
            next_cursor: string | null;
        };
        ApiKeyRotation: {
            /**
             * @description How long the old text works on, at most 30 days.
             * @default 0
             */
            overlap_seconds: number;
        };
        Attempt: {
            /** @description What to do about the error. */
            advice: string | null;
            /** @description The batch that the request carried, with all its deliveries; null where this went alone. */
            batch_id: string | null;
            /**
             * @description Where the bodies of request and response are left out (request.body null, response.body empty) so that the answer stays short; read alone, the attempt has them.
             * @enum {boolean}
             */
            bodies_omitted?: true;
            duration_ms: number | null;
            error_code: components["schemas"]["ErrorCode"] | null;
            error_detail: string | null;
            /** @description What was odd about an answer that counts as a success. */
            note: string | null;
            number: number;
            /** @description Address connected to; for the operator only. */
            remote_address?: string | null;
            /** @description As it was sent; sensitive header values read ***. */
            request: {
                body: string | null;
                headers: {
                    [key: string]: string;
                };
                url: string;
            } | null;
            /** @description Whether it went out twice, within its one deadline: a kept connection had ended before the first byte of an answer. */
            resent: boolean;
            response: {
                body: string;
                headers: {
                    [key: string]: string;
                };
                /** @description Whether the body was longer than what is kept of it. */
                truncated: boolean;
            } | null;
            /** Format: date-time */
            started_at: string;
            status_code: number | null;
            timings: {
                connect_ms: number | null;
                dns_ms: number | null;
                first_byte_ms: number | null;
                tls_ms: number | null;
                total_ms: number;
            } | null;
            tls_version: string | null;
            /** @enum {string} */
            trigger: "automatic" | "manual" | "test";
        };
        AttemptList: {
            items: components["schemas"]["Attempt"][];
            next_cursor: string | null;
        };
        AuditEntry: {
            action: string;
            /**
             * @description `system`: Posthorn itself.
             * @enum {string}
             */
            actor: "operator" | "customer" | "system";
            /** @description From where; null where unknown, and of the operator for customers. */
            address: string | null;
            /** @description How many things an action in bulk affected. */
            affected: number | null;
            /** @description Names of the members that the request gave; values are not kept. */
            changed: string[];
            /** Format: date-time */
            created_at: string;
            /** @description Whose the subject is. */
            customer_id: string | null;
            id: string;
            /** @description Null for the operator's key of the configuration, and of the operator's for customers. */
            key_id: string | null;
            /** @description Whom a trusted proxy named as the one; null where a key was shown, and for customers. */
            person: string | null;
            /** @description What for, in their words; of what Posthorn did by itself the code of what led to it, such as `http_503` or `gone`. */
            reason: string | null;
            /** @description Null where no request asked for it. */
            request_id: string | null;
            subject_id: string | null;
        };
        AuditList: {
            items: components["schemas"]["AuditEntry"][];
            next_cursor: string | null;
        };
        BegunSession: {
            /** Format: date-time */
            expires_at: string;
            id: string;
            /** @enum {string} */
            kind: "console" | "portal";
            /** @description Of a portal: to be shown as `Authorization: Bearer`. Null where a cookie was set. */
            token: string | null;
        };
        /** @enum {string} */
        BreakerState: "closed" | "open" | "half_open";
        CappedCount: {
            /** @description Whether there may be more: the newest 10000 are looked at, and these are of them. */
            capped: boolean;
            count: number;
        };
        CreatedApiKey: {
            allowed_cidrs: string[];
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            expires_at: string | null;
            /** @description Until when the text that the last rotation replaced is still taken; null where it is not. */
            former_valid_until: string | null;
            id: string;
            /** @description The key itself, shown this once: phk_, 40 random characters, and 6 that are the CRC-32 of all before them in base 62. */
            key: string;
            /** @description Exact to a minute. */
            last_used_at: string | null;
            name: string;
            revoked_at: string | null;
            scopes: components["schemas"]["KeyScope"][];
        };
        CreatedPortalSession: {
            capabilities: components["schemas"]["PortalCapability"][];
            /** Format: date-time */
            created_at: string;
            customer_id: string;
            /** Format: date-time */
            expires_at: string;
            /** @description Whether it was opened. */
            has_begun: boolean;
            id: string;
            /** @description Exact to a minute. */
            last_used_at: string | null;
            name: string | null;
            /** @description The key that made it; null for the operator's own. */
            opened_by: string | null;
            revoked_at: string | null;
            /** @enum {string} */
            theme: "auto" | "light" | "dark";
            /** @description Opens the portal once; shown by this answer only. */
            url: string;
        };
        Customer: {
            /** Format: date-time */
            created_at: string;
            /** @description Since when everything of theirs is being erased; then they are gone. */
            erasing_since: string | null;
            id: string;
            limits: {
                /** @description POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER where null. */
                max_endpoints: number | null;
                /** @description POSTHORN_MAX_KEYS_PER_CUSTOMER where null. */
                max_keys: number | null;
                /** @description Of all keys together; 0 is without limit, null what POSTHORN_RATE_LIMIT_PER_CUSTOMER says. */
                requests_per_minute: number | null;
            };
            /**
             * @description Texts by name, for whoever gives them: at most 50, names of 64 and values of 512 characters. Not sent to receivers.
             * @example {
             *       "region": "eu"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            name: string;
            /** Format: date-time */
            updated_at: string;
        };
        CustomerDetail: {
            /** Format: date-time */
            created_at: string;
            /** @description Since when everything of theirs is being erased; then they are gone. */
            erasing_since: string | null;
            id: string;
            limits: {
                /** @description POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER where null. */
                max_endpoints: number | null;
                /** @description POSTHORN_MAX_KEYS_PER_CUSTOMER where null. */
                max_keys: number | null;
                /** @description Of all keys together; 0 is without limit, null what POSTHORN_RATE_LIMIT_PER_CUSTOMER says. */
                requests_per_minute: number | null;
            };
            /**
             * @description Texts by name, for whoever gives them: at most 50, names of 64 and values of 512 characters. Not sent to receivers.
             * @example {
             *       "region": "eu"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            name: string;
            /** Format: date-time */
            updated_at: string;
            /** @description How many there are now; GET /v1/stats?customer_id= counts events and deliveries. */
            usage: {
                api_keys: number;
                endpoints: number;
            };
        };
        /**
         * @example {
         *       "name": "Acme Ltd",
         *       "limits": {
         *         "max_endpoints": 10
         *       }
         *     }
         */
        CustomerFacts: {
            /** @default {} */
            limits: {
                /** @description POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER where null. */
                max_endpoints?: number | null;
                /** @description POSTHORN_MAX_KEYS_PER_CUSTOMER where null. */
                max_keys?: number | null;
                /** @description Of all keys together; 0 is without limit, null what POSTHORN_RATE_LIMIT_PER_CUSTOMER says. */
                requests_per_minute?: number | null;
            };
            /**
             * @description Texts by name, for whoever gives them: at most 50, names of 64 and values of 512 characters. Not sent to receivers.
             * @default {}
             * @example {
             *       "region": "eu"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @default  */
            name: string;
        };
        CustomerList: {
            items: components["schemas"]["Customer"][];
            next_cursor: string | null;
        };
        DeadLetter: {
            advice: string | null;
            attempts_made: number;
            /** @description The batch it goes with, once that is formed. */
            batch_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description Customer of the endpoint. */
            customer_id: string | null;
            dead_reason: string | null;
            endpoint_id: string;
            event: string;
            event_id: string;
            finished_at: string | null;
            /** @example del_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            /**
             * @description What the last six attempts at most were answered, the newest last: the status code, else the error code.
             * @example [
             *       "503",
             *       "timeout",
             *       "200"
             *     ]
             */
            last_codes: string[];
            last_error_code: components["schemas"]["ErrorCode"] | null;
            last_status_code: number | null;
            /** @description Of a held one: not before this time. */
            next_attempt_at: string | null;
            /** @description Its place in line, of an endpoint that keeps the order. */
            position: number | null;
            reason: string | null;
            /** @description The replay that it was sent once more by. */
            replay_id: string | null;
            /** @description Whether a manual attempt was asked for and has not begun. Until it has, everything else tells what was before. */
            retry_requested: boolean;
            /** @description Its run; null likewise. */
            run_id: string | null;
            status: components["schemas"]["DeliveryStatus"];
            /** @description That run in the Temporal UI; null likewise, and for everybody but the operator. */
            temporal_url: string | null;
            /** @description Whether the test action of the endpoint made it. */
            test: boolean;
            /** @description The workflow `deliver` that made the last attempt; null before the first, and where a wave made it. */
            workflow_id: string | null;
        };
        DeadLetterList: {
            items: components["schemas"]["DeadLetter"][];
            next_cursor: string | null;
        };
        DeadLetterRetry: {
            /** @description Whether there may be more: the newest 10000 are looked at, and these are of them. */
            capped: boolean;
            count: number;
            /** @example rpl_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            replay_id: string;
        };
        DeadLetterSelection: {
            /**
             * @description Required where the filter is empty or left out.
             * @enum {boolean}
             */
            all?: true;
            /** @description Only count what would be selected, among the newest 10,000. */
            dry_run?: boolean;
            filter?: {
                /**
                 * Format: date-time
                 * @description Created at this time or later.
                 */
                after?: string;
                /**
                 * Format: date-time
                 * @description Created before this time.
                 */
                before?: string;
                /**
                 * @description Customer of the endpoint.
                 * @example acme
                 */
                customer_id?: string;
                /** @description Only what is of events with these values: `data[job_id]=job_7`, by members that their types name as searchable. Texts as they are, numbers as they were spelled. */
                data?: {
                    [key: string]: string;
                };
                endpoint_id?: string;
                /**
                 * @description Code of the last attempt.
                 * @example http_503
                 */
                error_code?: string;
                /** @example job.completed */
                event?: string;
                event_id?: string;
                ids?: string[];
                /**
                 * @description Why it is dead.
                 * @enum {string}
                 */
                reason?: "retries_exhausted" | "endpoint_gone" | "destination_not_allowed" | "expired";
            };
        };
        Delivery: {
            attempts_made: number;
            /** @description The batch it goes with, once that is formed. */
            batch_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description Customer of the endpoint. */
            customer_id: string | null;
            dead_reason: string | null;
            endpoint_id: string;
            event: string;
            event_id: string;
            finished_at: string | null;
            /** @example del_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            /**
             * @description What the last six attempts at most were answered, the newest last: the status code, else the error code.
             * @example [
             *       "503",
             *       "timeout",
             *       "200"
             *     ]
             */
            last_codes: string[];
            last_error_code: components["schemas"]["ErrorCode"] | null;
            last_status_code: number | null;
            /** @description Of a held one: not before this time. */
            next_attempt_at: string | null;
            /** @description Its place in line, of an endpoint that keeps the order. */
            position: number | null;
            /** @description The replay that it was sent once more by. */
            replay_id: string | null;
            /** @description Whether a manual attempt was asked for and has not begun. Until it has, everything else tells what was before. */
            retry_requested: boolean;
            /** @description Its run; null likewise. */
            run_id: string | null;
            status: components["schemas"]["DeliveryStatus"];
            /** @description That run in the Temporal UI; null likewise, and for everybody but the operator. */
            temporal_url: string | null;
            /** @description Whether the test action of the endpoint made it. */
            test: boolean;
            /** @description The workflow `deliver` that made the last attempt; null before the first, and where a wave made it. */
            workflow_id: string | null;
        };
        DeliveryCounts: {
            cancelled: number;
            dead: number;
            delivered: number;
            held: number;
            queued: number;
            retrying: number;
            scheduled: number;
            sending: number;
            skipped: number;
        };
        DeliveryList: {
            items: components["schemas"]["Delivery"][];
            next_cursor: string | null;
        };
        DeliveryOutcome: {
            /** @description What to do about the error. */
            advice: string | null;
            /**
             * Format: date-time
             * @description When it was written down.
             */
            at: string;
            /** @description Its number; null of an end without an attempt. */
            attempt: number | null;
            /** @description Customer of the endpoint. */
            customer_id: string | null;
            delivery_id: string;
            duration_ms: number | null;
            endpoint_id: string;
            error_code: components["schemas"]["ErrorCode"] | null;
            event: string;
            started_at: string | null;
            /**
             * @description What became of the delivery; `open` where it goes on.
             * @enum {string}
             */
            status: "delivered" | "dead" | "cancelled" | "skipped" | "open";
            status_code: number | null;
            trigger: ("automatic" | "manual" | "test") | null;
        };
        /** @enum {string} */
        DeliveryStatus: "scheduled" | "queued" | "sending" | "retrying" | "held" | "delivered" | "dead" | "cancelled" | "skipped";
        DeliveryWithAttempts: {
            /** @description The last 20 at most; `GET /v1/deliveries/{id}/attempts` pages through all of them. */
            attempts: components["schemas"]["Attempt"][];
            attempts_made: number;
            /** @description The batch it goes with, once that is formed. */
            batch_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description Customer of the endpoint. */
            customer_id: string | null;
            dead_reason: string | null;
            endpoint_id: string;
            event: string;
            event_id: string;
            finished_at: string | null;
            /** @description While held: the strongest reason why; `backlog` goes step by step, `retry` is not due. */
            held_by: ("disabled" | "paused" | "breaker" | "order" | "retry" | "batch" | "rate" | "concurrency" | "backlog") | null;
            /** @example del_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            /**
             * @description What the last six attempts at most were answered, the newest last: the status code, else the error code.
             * @example [
             *       "503",
             *       "timeout",
             *       "200"
             *     ]
             */
            last_codes: string[];
            last_error_code: components["schemas"]["ErrorCode"] | null;
            last_status_code: number | null;
            /** @description Of a held one: not before this time. */
            next_attempt_at: string | null;
            /** @description Its place in line, of an endpoint that keeps the order. */
            position: number | null;
            /** @description The replay that it was sent once more by. */
            replay_id: string | null;
            /** @description Whether a manual attempt was asked for and has not begun. Until it has, everything else tells what was before. */
            retry_requested: boolean;
            /** @description Its run; null likewise. */
            run_id: string | null;
            status: components["schemas"]["DeliveryStatus"];
            /** @description That run in the Temporal UI; null likewise, and for everybody but the operator. */
            temporal_url: string | null;
            /** @description Whether the test action of the endpoint made it. */
            test: boolean;
            /** @description The workflow `deliver` that made the last attempt; null before the first, and where a wave made it. */
            workflow_id: string | null;
        };
        DestinationRules: {
            /** @description CIDRs that may be reached although not public, by plain http and on any port too. */
            allowed_destinations: string[];
            /** @description Where any is named, here or in the configuration, the only names (with subdomains). */
            allowed_hosts: string[];
            /** @description Ports of public addresses beside 443. */
            allowed_ports: number[];
            /** @description The lists of the configuration, which hold too. */
            configured: {
                /** @description CIDRs that may be reached although not public, by plain http and on any port too. */
                allowed_destinations: string[];
                /** @description Where any is named, here or in the configuration, the only names (with subdomains). */
                allowed_hosts: string[];
                /** @description Ports of public addresses beside 443. */
                allowed_ports: number[];
                /** @description CIDRs and host names (with subdomains) that may not be reached; they win. */
                denied_destinations: string[];
            };
            /** @description CIDRs and host names (with subdomains) that may not be reached; they win. */
            denied_destinations: string[];
            /** Format: date-time */
            updated_at: string | null;
        };
        EchoList: {
            items: {
                /** @description The body as it came. */
                body: string;
                headers: {
                    [key: string]: string;
                };
                /** @description The body parsed; absent where it is no JSON, deeper than 64 levels, or large. */
                json?: unknown;
                /** Format: date-time */
                received_at: string;
                /**
                 * @description Where only the beginning of the body is shown.
                 * @enum {boolean}
                 */
                truncated?: true;
            }[];
            next_cursor: string | null;
        };
        EchoReceipt: {
            /** @description That of an `endpoint.verification`. */
            challenge?: string;
            name: string;
            received: boolean;
        };
        Egress: {
            /** @description Deliveries come from these; empty where the operator has not said. */
            addresses: string[];
        };
        Endpoint: {
            batch: {
                /** @default 262144 */
                max_bytes: number;
                /** @default 100 */
                max_events: number;
                /** @default 5000 */
                max_wait_ms: number;
            } | null;
            /** @description When the endpoint is left alone and for how long. Members left out have their defaults. */
            breaker: {
                /** @default 10 */
                consecutive_failures: number;
                /** @default 30000 */
                cooldown_ms: number;
                /** @default 0.5 */
                failure_ratio: number;
                /** @default 1800000 */
                max_cooldown_ms: number;
                /** @default 20 */
                minimum_attempts: number;
                /** @default 60000 */
                window_ms: number;
            };
            breaker_state: components["schemas"]["BreakerState"];
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            description: string;
            disabled: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
            } | null;
            /** @description `by_hand`, `gone` (it answered 410), `failing` (for too long) or `unverified` (see `verify`) while disabled. */
            disabled_reason: string | null;
            egress_address: string | null;
            events: string[];
            filter: {
                [key: string]: string[];
            } | null;
            headers: {
                [key: string]: string;
            };
            /** @example ep_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            max_concurrency: number | null;
            /**
             * @description Texts by name, for whoever gives them: at most 50, names of 64 and values of 512 characters. Not sent to receivers.
             * @example {
             *       "region": "eu"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description Whether each delivery waits until the one accepted before it is delivered or dead. */
            ordered: boolean;
            paused: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
                /** @description When it ends by itself, within seconds; null: not. */
                until: string | null;
            } | null;
            /**
             * @description The body: "envelope" (Posthorn’s own), "data" (the event’s data alone), "standard" ({type, timestamp, data}) or "cloudevents" (structured CloudEvents 1.0). Challenges are always envelopes.
             * @enum {string}
             */
            payload: "envelope" | "data" | "standard" | "cloudevents";
            /** @description What verifies v1a signatures (Ed25519, whpk_ and base64), where "standard_asymmetric" is among the signatures: one a live secret. */
            public_keys: string[];
            rate_limit: {
                limit: number;
                /** @enum {string} */
                per: "second" | "minute" | "hour";
            } | null;
            /** @description Whether deliveries that died since its breaker opened are sent once more, by a replay, when the endpoint is well again. */
            replay_on_recovery: boolean;
            /** @description How failures are retried; members left out keep their value. The strategy "schedule" takes delays_ms, one a retry, and none of initial_ms, factor and max_ms. */
            retry: {
                delays_ms?: number[];
                factor?: number;
                initial_ms?: number;
                jitter?: number;
                max_ms?: number;
                max_retries?: number;
                /**
                 * @description Instead of all others: nine retries over three days, as Standard Webhooks proposes.
                 * @enum {string}
                 */
                preset?: "standard_webhooks";
                /** @enum {string} */
                strategy?: "exponential" | "linear" | "fixed" | "schedule";
            };
            /** @description While former secrets are live beside the newest: until when. */
            secret_rotation: {
                /** Format: date-time */
                overlap_ends_at: string;
            } | null;
            /**
             * @description What signs each call: names of known ways, or headers of one’s own; several at once while a receiver moves. Other ways than posthorn and standard take secrets of any form.
             * @example [
             *       "standard",
             *       "svix"
             *     ]
             */
            signatures: (("posthorn" | "standard" | "standard_asymmetric" | "svix" | "convoy_simple" | "convoy_advanced" | "outpost" | "github") | {
                header: string;
                /**
                 * @description Stands before the digest.
                 * @default
                 */
                prefix: string;
                /**
                 * @description HMAC-SHA256 of the body in hex or base64; "stripe" is t=<seconds>,v1=<hex> over <seconds>.<body>.
                 * @enum {string}
                 */
                scheme: "hex" | "base64" | "stripe";
                /**
                 * @description How the secret becomes the key: its text, or what its text stands for (behind whsec_, if any).
                 * @default text
                 * @enum {string}
                 */
                secret_encoding: "text" | "base64" | "hex";
            })[];
            status: components["schemas"]["EndpointStatus"];
            timeout_ms: number;
            tls: {
                client_certificate: string | null;
                client_key: string | null;
                /** @enum {string} */
                min_version: "1.2" | "1.3";
            };
            uid: string | null;
            /** Format: date-time */
            updated_at: string;
            url: string;
            /**
             * @description What stands in webhook-id: the delivery’s id, or the event’s, which is the same at all endpoints.
             * @enum {string}
             */
            webhook_id: "delivery" | "event";
        };
        EndpointChanges: {
            batch?: {
                /** @default 262144 */
                max_bytes: number;
                /** @default 100 */
                max_events: number;
                /** @default 5000 */
                max_wait_ms: number;
            } | null;
            breaker?: {
                /** @default 10 */
                consecutive_failures: number;
                /** @default 30000 */
                cooldown_ms: number;
                /** @default 0.5 */
                failure_ratio: number;
                /** @default 1800000 */
                max_cooldown_ms: number;
                /** @default 20 */
                minimum_attempts: number;
                /** @default 60000 */
                window_ms: number;
            } | null;
            description?: string | null;
            egress_address?: string | null;
            events?: string[] | null;
            filter?: {
                [key: string]: string[] | string;
            } | null;
            headers?: {
                [key: string]: string | {
                    sensitive?: boolean;
                    value: string;
                };
            } | null;
            max_concurrency?: number | null;
            metadata?: {
                [key: string]: string;
            } | null;
            ordered?: boolean | null;
            payload?: ("envelope" | "data" | "standard" | "cloudevents") | null;
            rate_limit?: {
                limit: number;
                /** @enum {string} */
                per: "second" | "minute" | "hour";
            } | null;
            replay_on_recovery?: boolean | null;
            retry?: {
                delays_ms?: number[];
                factor?: number;
                initial_ms?: number;
                jitter?: number;
                max_ms?: number;
                max_retries?: number;
                /**
                 * @description Instead of all others: nine retries over three days, as Standard Webhooks proposes.
                 * @enum {string}
                 */
                preset?: "standard_webhooks";
                /** @enum {string} */
                strategy?: "exponential" | "linear" | "fixed" | "schedule";
            } | null;
            signatures?: (("posthorn" | "standard" | "standard_asymmetric" | "svix" | "convoy_simple" | "convoy_advanced" | "outpost" | "github") | {
                header: string;
                /**
                 * @description Stands before the digest.
                 * @default
                 */
                prefix: string;
                /**
                 * @description HMAC-SHA256 of the body in hex or base64; "stripe" is t=<seconds>,v1=<hex> over <seconds>.<body>.
                 * @enum {string}
                 */
                scheme: "hex" | "base64" | "stripe";
                /**
                 * @description How the secret becomes the key: its text, or what its text stands for (behind whsec_, if any).
                 * @default text
                 * @enum {string}
                 */
                secret_encoding: "text" | "base64" | "hex";
            })[] | null;
            timeout_ms?: number | null;
            tls?: {
                /** @description PEM, with its chain; given with client_key. */
                client_certificate?: string | null;
                /** @description PEM, not encrypted. Never shown again: answers have ***. */
                client_key?: string | null;
                /** @enum {string} */
                min_version?: "1.2" | "1.3";
            } | null;
            /**
             * @description Where deliveries go: https, a public address, port 443; no user info, no fragment.
             * @example https://example.com/hooks
             */
            url?: string;
            webhook_id?: ("delivery" | "event") | null;
        };
        EndpointList: {
            items: components["schemas"]["EndpointWithHealth"][];
            next_cursor: string | null;
        };
        EndpointPut: {
            batch: {
                /** @default 262144 */
                max_bytes: number;
                /** @default 100 */
                max_events: number;
                /** @default 5000 */
                max_wait_ms: number;
            } | null;
            /** @description When the endpoint is left alone and for how long. Members left out have their defaults. */
            breaker: {
                /** @default 10 */
                consecutive_failures: number;
                /** @default 30000 */
                cooldown_ms: number;
                /** @default 0.5 */
                failure_ratio: number;
                /** @default 1800000 */
                max_cooldown_ms: number;
                /** @default 20 */
                minimum_attempts: number;
                /** @default 60000 */
                window_ms: number;
            };
            breaker_state: components["schemas"]["BreakerState"];
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            description: string;
            disabled: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
            } | null;
            /** @description `by_hand`, `gone` (it answered 410), `failing` (for too long) or `unverified` (see `verify`) while disabled. */
            disabled_reason: string | null;
            egress_address: string | null;
            events: string[];
            filter: {
                [key: string]: string[];
            } | null;
            headers: {
                [key: string]: string;
            };
            /** @example ep_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            max_concurrency: number | null;
            /**
             * @description Texts by name, for whoever gives them: at most 50, names of 64 and values of 512 characters. Not sent to receivers.
             * @example {
             *       "region": "eu"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description Whether each delivery waits until the one accepted before it is delivered or dead. */
            ordered: boolean;
            paused: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
                /** @description When it ends by itself, within seconds; null: not. */
                until: string | null;
            } | null;
            /**
             * @description The body: "envelope" (Posthorn’s own), "data" (the event’s data alone), "standard" ({type, timestamp, data}) or "cloudevents" (structured CloudEvents 1.0). Challenges are always envelopes.
             * @enum {string}
             */
            payload: "envelope" | "data" | "standard" | "cloudevents";
            /** @description What verifies v1a signatures (Ed25519, whpk_ and base64), where "standard_asymmetric" is among the signatures: one a live secret. */
            public_keys: string[];
            rate_limit: {
                limit: number;
                /** @enum {string} */
                per: "second" | "minute" | "hour";
            } | null;
            /** @description Whether deliveries that died since its breaker opened are sent once more, by a replay, when the endpoint is well again. */
            replay_on_recovery: boolean;
            /** @description How failures are retried; members left out keep their value. The strategy "schedule" takes delays_ms, one a retry, and none of initial_ms, factor and max_ms. */
            retry: {
                delays_ms?: number[];
                factor?: number;
                initial_ms?: number;
                jitter?: number;
                max_ms?: number;
                max_retries?: number;
                /**
                 * @description Instead of all others: nine retries over three days, as Standard Webhooks proposes.
                 * @enum {string}
                 */
                preset?: "standard_webhooks";
                /** @enum {string} */
                strategy?: "exponential" | "linear" | "fixed" | "schedule";
            };
            /** @description Signs every delivery. No later answer about the endpoint shows it; GET …/secret does. */
            secret?: string;
            /** @description While former secrets are live beside the newest: until when. */
            secret_rotation: {
                /** Format: date-time */
                overlap_ends_at: string;
            } | null;
            /**
             * @description What signs each call: names of known ways, or headers of one’s own; several at once while a receiver moves. Other ways than posthorn and standard take secrets of any form.
             * @example [
             *       "standard",
             *       "svix"
             *     ]
             */
            signatures: (("posthorn" | "standard" | "standard_asymmetric" | "svix" | "convoy_simple" | "convoy_advanced" | "outpost" | "github") | {
                header: string;
                /**
                 * @description Stands before the digest.
                 * @default
                 */
                prefix: string;
                /**
                 * @description HMAC-SHA256 of the body in hex or base64; "stripe" is t=<seconds>,v1=<hex> over <seconds>.<body>.
                 * @enum {string}
                 */
                scheme: "hex" | "base64" | "stripe";
                /**
                 * @description How the secret becomes the key: its text, or what its text stands for (behind whsec_, if any).
                 * @default text
                 * @enum {string}
                 */
                secret_encoding: "text" | "base64" | "hex";
            })[];
            status: components["schemas"]["EndpointStatus"];
            timeout_ms: number;
            tls: {
                client_certificate: string | null;
                client_key: string | null;
                /** @enum {string} */
                min_version: "1.2" | "1.3";
            };
            uid: string | null;
            /** Format: date-time */
            updated_at: string;
            url: string;
            /** @description What may not be meant, such as another endpoint with the same URL. */
            warnings: string[];
            /**
             * @description What stands in webhook-id: the delivery’s id, or the event’s, which is the same at all endpoints.
             * @enum {string}
             */
            webhook_id: "delivery" | "event";
        };
        EndpointStats: {
            /** Format: date-time */
            after: string;
            attempts: {
                failed: number;
                succeeded: number;
                total: number;
            };
            /** Format: date-time */
            before: string;
            by_error_code: {
                advice: string;
                count: number;
                error_code: components["schemas"]["ErrorCode"];
            }[];
            by_status_code: {
                count: number;
                status_code: number;
            }[];
            deliveries: {
                by_status: components["schemas"]["DeliveryCounts"];
                total: number;
            };
            /** @description Deliveries held back now, whenever they were created. */
            held: number;
            /** @description Whole duration of the attempts that were answered, whatever the status; exact to 5 %. */
            latency_ms: {
                p50: number | null;
                p95: number | null;
                p99: number | null;
            };
            /** @description Succeeded of all attempts; delivered of those that ended delivered or dead. */
            success_rate: {
                attempts: number | null;
                deliveries: number | null;
            };
            /** @description Deliveries queued or retrying now. */
            waiting: number;
        };
        /** @enum {string} */
        EndpointStatus: "enabled" | "paused" | "disabled";
        EndpointTestResult: {
            attempt: components["schemas"]["Attempt"] | null;
            delivery_id: string;
            status: components["schemas"]["DeliveryStatus"];
        };
        /** @description What an endpoint was when an event was accepted. */
        EndpointThen: {
            /** @enum {string} */
            breaker_state: "closed" | "open" | "half_open";
            /** @description Who changed its status; null where it was Posthorn. */
            by: string | null;
            disabled_reason: string | null;
            events: string[];
            filter: {
                [key: string]: string[];
            } | null;
            reason: string | null;
            /** Format: date-time */
            since: string;
            /** @enum {string} */
            status: "enabled" | "paused" | "disabled";
            url: string;
        };
        EndpointVerification: {
            endpoint_id: string;
            /** @description Null where it was never asked. */
            last_check: {
                advice: string | null;
                attempt: components["schemas"]["Attempt"] | null;
                delivery_id: string | null;
                error_code: string | null;
                /** Format: date-time */
                expires_at: string;
                /**
                 * @description `expired`: not answered in time, or not sent.
                 * @enum {string}
                 */
                outcome: "pending" | "verified" | "failed" | "expired";
                /** Format: date-time */
                requested_at: string;
                url: string;
            } | null;
            /** @description Whether it is disabled until it answers a challenge. */
            unverified: boolean;
        };
        EndpointWithHealth: {
            batch: {
                /** @default 262144 */
                max_bytes: number;
                /** @default 100 */
                max_events: number;
                /** @default 5000 */
                max_wait_ms: number;
            } | null;
            /** @description When the endpoint is left alone and for how long. Members left out have their defaults. */
            breaker: {
                /** @default 10 */
                consecutive_failures: number;
                /** @default 30000 */
                cooldown_ms: number;
                /** @default 0.5 */
                failure_ratio: number;
                /** @default 1800000 */
                max_cooldown_ms: number;
                /** @default 20 */
                minimum_attempts: number;
                /** @default 60000 */
                window_ms: number;
            };
            breaker_state: components["schemas"]["BreakerState"];
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            description: string;
            disabled: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
            } | null;
            /** @description `by_hand`, `gone` (it answered 410), `failing` (for too long) or `unverified` (see `verify`) while disabled. */
            disabled_reason: string | null;
            egress_address: string | null;
            events: string[];
            filter: {
                [key: string]: string[];
            } | null;
            headers: {
                [key: string]: string;
            };
            health: {
                /** @description What to do about that, while it fails. */
                advice: string | null;
                /** @description The first failure of those since its last success; null where that was last. */
                failing_since: string | null;
                /** @description Deliveries that are held, up to 10000. */
                held: number;
                /** @description Of its last failure. */
                last_error_code: components["schemas"]["ErrorCode"] | null;
                /** @description Known some seconds later. */
                last_success_at: string | null;
                /** @description When the open breaker tries it next. */
                probe_at: string | null;
                /** @description Those queued or retrying, likewise. */
                waiting: number;
            };
            /** @example ep_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            max_concurrency: number | null;
            /**
             * @description Texts by name, for whoever gives them: at most 50, names of 64 and values of 512 characters. Not sent to receivers.
             * @example {
             *       "region": "eu"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description Whether each delivery waits until the one accepted before it is delivered or dead. */
            ordered: boolean;
            paused: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
                /** @description When it ends by itself, within seconds; null: not. */
                until: string | null;
            } | null;
            /**
             * @description The body: "envelope" (Posthorn’s own), "data" (the event’s data alone), "standard" ({type, timestamp, data}) or "cloudevents" (structured CloudEvents 1.0). Challenges are always envelopes.
             * @enum {string}
             */
            payload: "envelope" | "data" | "standard" | "cloudevents";
            /** @description What verifies v1a signatures (Ed25519, whpk_ and base64), where "standard_asymmetric" is among the signatures: one a live secret. */
            public_keys: string[];
            rate_limit: {
                limit: number;
                /** @enum {string} */
                per: "second" | "minute" | "hour";
            } | null;
            /** @description Whether deliveries that died since its breaker opened are sent once more, by a replay, when the endpoint is well again. */
            replay_on_recovery: boolean;
            /** @description How failures are retried; members left out keep their value. The strategy "schedule" takes delays_ms, one a retry, and none of initial_ms, factor and max_ms. */
            retry: {
                delays_ms?: number[];
                factor?: number;
                initial_ms?: number;
                jitter?: number;
                max_ms?: number;
                max_retries?: number;
                /**
                 * @description Instead of all others: nine retries over three days, as Standard Webhooks proposes.
                 * @enum {string}
                 */
                preset?: "standard_webhooks";
                /** @enum {string} */
                strategy?: "exponential" | "linear" | "fixed" | "schedule";
            };
            /** @description While former secrets are live beside the newest: until when. */
            secret_rotation: {
                /** Format: date-time */
                overlap_ends_at: string;
            } | null;
            /**
             * @description What signs each call: names of known ways, or headers of one’s own; several at once while a receiver moves. Other ways than posthorn and standard take secrets of any form.
             * @example [
             *       "standard",
             *       "svix"
             *     ]
             */
            signatures: (("posthorn" | "standard" | "standard_asymmetric" | "svix" | "convoy_simple" | "convoy_advanced" | "outpost" | "github") | {
                header: string;
                /**
                 * @description Stands before the digest.
                 * @default
                 */
                prefix: string;
                /**
                 * @description HMAC-SHA256 of the body in hex or base64; "stripe" is t=<seconds>,v1=<hex> over <seconds>.<body>.
                 * @enum {string}
                 */
                scheme: "hex" | "base64" | "stripe";
                /**
                 * @description How the secret becomes the key: its text, or what its text stands for (behind whsec_, if any).
                 * @default text
                 * @enum {string}
                 */
                secret_encoding: "text" | "base64" | "hex";
            })[];
            status: components["schemas"]["EndpointStatus"];
            timeout_ms: number;
            tls: {
                client_certificate: string | null;
                client_key: string | null;
                /** @enum {string} */
                min_version: "1.2" | "1.3";
            };
            uid: string | null;
            /** Format: date-time */
            updated_at: string;
            url: string;
            /**
             * @description What stands in webhook-id: the delivery’s id, or the event’s, which is the same at all endpoints.
             * @enum {string}
             */
            webhook_id: "delivery" | "event";
        };
        /** @description Why an attempt failed. Beside those listed, `http_` and the status of an answer that was no success. */
        ErrorCode: string | ("timeout" | "dns_not_found" | "dns_failed" | "connection_refused" | "connection_reset" | "connection_timeout" | "network_unreachable" | "tls_certificate_invalid" | "tls_certificate_expired" | "tls_certificate_name_mismatch" | "tls_client_certificate_required" | "tls_version_unsupported" | "tls_handshake_failed" | "proxy_failed" | "response_malformed" | "response_incomplete" | "redirect_not_followed" | "destination_not_allowed" | "listener_away" | "challenge_not_echoed" | "challenge_expired" | "outcome_unknown" | "internal_error");
        Event: {
            cancelled_at: string | null;
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            /** @description As it was published, token for token; empty once it is erased. */
            data?: {
                [key: string]: unknown;
            };
            deliver_at: string | null;
            /** @description How many endpoints it goes to; a customer's key counts that customer's. */
            deliveries: number;
            /** @description Since when its data is gone for good. */
            erased_at: string | null;
            event: string;
            id: string;
            metadata: {
                [key: string]: string;
            } | null;
            occurred_at: string | null;
            test: boolean;
            uid: string | null;
        };
        EventDetail: {
            cancelled_at: string | null;
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            /** @description As it was published, token for token; empty once it is erased. */
            data: {
                [key: string]: unknown;
            };
            deliver_at: string | null;
            /** @description How many endpoints it goes to; a customer's key counts that customer's. */
            deliveries: number;
            deliveries_by_status: components["schemas"]["DeliveryCounts"];
            /** @description Since when its data is gone for good. */
            erased_at: string | null;
            event: string;
            id: string;
            metadata: {
                [key: string]: string;
            } | null;
            occurred_at: string | null;
            /** @description Members of the data whose values stand as "***" here; receivers get them. */
            sensitive: string[];
            test: boolean;
            uid: string | null;
        };
        EventExplanation: {
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            endpoints: components["schemas"]["ExplainedEndpoint"][];
            event: string;
            event_id: string;
            next_cursor: string | null;
        };
        EventList: {
            items: components["schemas"]["Event"][];
            next_cursor: string | null;
        };
        EventSending: {
            /** @description Subscribed or not, new or old. */
            endpoint_id: string;
        };
        EventType: {
            broadcast: boolean;
            built_in: boolean;
            description: string;
            name: string;
            /** @description Sent by Posthorn itself, never published, and to endpoints of the operator (customer_id null) only. */
            operator_only: boolean;
            opt_in: boolean;
            schema: {
                [key: string]: unknown;
            } | null;
            searchable: string[];
            /** @description Since when events are found by all of these; null where that was always so. */
            searchable_since: string | null;
            sensitive: string[];
        };
        EventTypeChange: {
            /** @example An invoice was paid. */
            description?: string;
            /**
             * @description JSON Schema (draft 2020-12) that `data` must satisfy; null accepts any object.
             * @example {
             *       "type": "object",
             *       "required": [
             *         "amount"
             *       ],
             *       "properties": {
             *         "amount": {
             *           "type": "number"
             *         }
             *       }
             *     }
             */
            schema?: (({
                [key: string]: unknown;
            } | unknown | null) | null) | unknown | null;
            /**
             * @description Members of `data` that events are found by: names, or JSON pointers (`/order/id`). Events accepted before are not found by those that are added.
             * @example [
             *       "invoice_id"
             *     ]
             */
            searchable?: string[];
            /**
             * @description Members of `data` whose values no answer shows, whole objects too: names, or JSON pointers (`/customer/email`), which mean each element of an array that they come to.
             * @example [
             *       "/customer/email"
             *     ]
             */
            sensitive?: string[];
        };
        EventTypeList: {
            items: components["schemas"]["EventType"][];
            next_cursor: string | null;
        };
        ExplainedEndpoint: {
            customer_id: string | null;
            delivery_id: string | null;
            endpoint_id: string;
            /** @description Null where the endpoint was created later, was deleted before, or that is not kept. */
            endpoint_then: components["schemas"]["EndpointThen"] | null;
            /** @enum {string} */
            outcome: "delivered" | "waiting" | "dead" | "cancelled" | "skipped" | "not_matched";
            /** @description Why: what holds it, why it is dead, cancelled or skipped, or which rule kept it away; null of what was delivered. */
            rule: ("disabled" | "paused" | "breaker" | "order" | "retry" | "batch" | "rate" | "concurrency" | "backlog" | "scheduled" | "queued" | "sending" | "retrying" | "retries_exhausted" | "endpoint_gone" | "destination_not_allowed" | "expired" | "test_failed" | "cancelled" | "endpoint_deleted" | "event_cancelled" | "erased" | "by_hand" | "gone" | "failing" | "unverified" | "not_subscribed" | "opt_in" | "filtered" | "created_later" | "deleted_before" | "only_one_endpoint" | "operators_only" | "about_itself" | "not_kept") | null;
            /** @example The endpoint took job.failed, which does not include job.completed. */
            sentence: string;
        };
        Fault: {
            code: components["schemas"]["ProblemCode"];
            detail: string;
            /**
             * @description Of a fault of the query or a header: its name.
             * @example after
             */
            parameter?: string;
            /**
             * @description Of a fault of the body: a JSON pointer into it.
             * @example #/data/amount
             */
            pointer?: string;
        };
        /**
         * @example {
         *       "from": "svix",
         *       "customer_id": "acme",
         *       "endpoints": [
         *         {
         *           "id": "ep_1",
         *           "url": "https://example.com/hooks",
         *           "secret": "whsec_…"
         *         }
         *       ],
         *       "dry_run": true
         *     }
         */
        Import: {
            /**
             * @description Whose endpoints they are, where the JSON does not say.
             * @example acme
             */
            customer_id?: string;
            /**
             * @description Whether to tell only what would be done.
             * @default false
             */
            dry_run: boolean;
            /** @description Endpoints as that sender lists them, with their secrets. */
            endpoints: {
                [key: string]: unknown;
            }[];
            /**
             * @description Whose JSON it is.
             * @enum {string}
             */
            from: "svix" | "convoy" | "outpost" | "posthorn";
        };
        ImportedEndpoint: {
            customer_id: string | null;
            endpoint_id: string | null;
            /** @description What of it has no counterpart, or only a rough one. */
            not_mapped: {
                member: string;
                reason: string;
            }[];
            /** @enum {string} */
            outcome: "created" | "updated" | "unchanged" | "refused";
            /** @description Why it was refused. */
            problem?: components["schemas"]["Problem"];
            uid: string | null;
        };
        ImportResult: {
            created: number;
            dry_run: boolean;
            items: components["schemas"]["ImportedEndpoint"][];
            refused: number;
            unchanged: number;
            updated: number;
        };
        /** @enum {string} */
        KeyScope: "publish" | "view" | "test" | "retry" | "manage_endpoints" | "secrets" | "operate";
        Listener: {
            customer_id: string | null;
            events: string[];
            /**
             * Format: date-time
             * @description It is removed then, unless somebody listens.
             */
            expires_at: string;
            /** @description Of its endpoint. */
            id: string;
            /** @description Whether it was there already, with what it held meanwhile. */
            resumed: boolean;
            /** @description What its requests are signed with. */
            secret: string;
        };
        Liveness: {
            /** @enum {string} */
            status: "ok";
            version: string;
        };
        LiveSecrets: {
            /** @description The live secrets, at most 5, the primary one first. */
            secrets: {
                /** Format: date-time */
                created_at: string;
                /** @description When it stops signing; null of the newest. */
                expires_at: string | null;
                /** @description Whether it makes the body’s signature and X-Webhook-Signature, which have room for one. */
                is_primary: boolean;
                /** @description Counts the secrets that the endpoint ever had. */
                number: number;
            }[];
        };
        MasterKey: {
            endpoints: number;
            /**
             * @description The first master key of this API, which seals.
             * @example 1f0c8d2b9a4e7f36
             */
            key_id: string;
            /** @description APIs and workers seen within 30 s, each with its keys, of which the first seals. */
            processes: {
                key_ids: string[];
                name: string;
            }[];
            /** @description How many signing secrets, sensitive header values and client keys are sealed with which key; null where they do not say it. */
            sealed: {
                count: number;
                key_id: string | null;
            }[];
        };
        MasterKeyRotationStep: {
            /** @description How many values were re-encrypted. */
            count: number;
            /** @description How many had the first key already. */
            current: number;
            /** @description How many endpoints were looked at. */
            endpoints: number;
            /**
             * @description Names a master key and tells nothing of it.
             * @example 1f0c8d2b9a4e7f36
             */
            key_id: string;
            /** @description Give it as `after`; null after the last endpoint. */
            next: string | null;
            /** @description What no master key of this API opens, and so stays as it is. */
            unopened: {
                endpoint_id: string;
                what: string;
            }[];
        };
        NewApiKey: {
            /** @description From where it may be used; from anywhere where empty. */
            allowed_cidrs?: string[];
            /** @description Whose key it is; null makes a further operator's key. */
            customer_id: string | null;
            /**
             * Format: date-time
             * @description From then on it is refused; never where null.
             */
            expires_at?: ((string | null) | null) | string | null;
            /**
             * @description For people, to tell keys apart.
             * @default
             * @example billing service
             */
            name: string;
            /** @description What it may do; by default publish, view, test, retry and manage_endpoints, with customer_id null everything. publish: publish events, cancel scheduled ones. view: read and list everything that the key may see, use the tools. test: send test events to endpoints. retry: retry and cancel deliveries, send events to one more endpoint, begin, cancel and continue replays, retry and discard dead letters, recover endpoints. manage_endpoints: create, change, switch, verify and delete endpoints. secrets: see, rotate, promote and revoke the signing secrets of endpoints. operate: everything that is the operator’s alone: API keys, event types, destination rules, the master key, payloads of Temporal. For keys without a customer only; who has it can make keys of any scope. */
            scopes?: components["schemas"]["KeyScope"][];
        };
        NewBatchEvent: {
            /** @description For the operator's key: true sends an event of a broadcast type to every customer's subscribed endpoints; customer_id is left out or null then. */
            broadcast?: boolean;
            /** @description Required with the operator's key, unless broadcast is true. With a customer's key it is that customer. */
            customer_id?: string | null;
            /**
             * @description At most `POSTHORN_MAX_EVENT_BYTES` (256 KiB unless the operator says otherwise), 64 levels deep, and valid against the JSON Schema of the event type (which reads numbers as 64-bit floats). Goes to receivers token for token: numbers of any size and spelling up to 1,000 characters, order of members, escapes; only white space between tokens goes.
             * @example {
             *       "job_id": "job_1",
             *       "status": "completed",
             *       "rows_processed": 1200
             *     }
             */
            data: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description Deliver at this time, at most a year ahead; at once where absent.
             */
            deliver_at?: ((string | null) | null) | string | null;
            /** @example job.completed */
            event: string;
            idempotency_key?: string;
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * Format: date-time
             * @description When it happened; when it was accepted where absent.
             */
            occurred_at?: ((string | null) | null) | string | null;
            /** @description The producer’s own id: no two events of a customer have the same, for as long as they are kept (409 `event_uid_taken`). */
            uid?: string | null;
        };
        NewDestinationRules: {
            /**
             * @description CIDRs that may be reached although not public, by plain http and on any port too.
             * @default []
             */
            allowed_destinations: string[];
            /**
             * @description Where any is named, here or in the configuration, the only names (with subdomains).
             * @default []
             */
            allowed_hosts: string[];
            /**
             * @description Ports of public addresses beside 443.
             * @default []
             */
            allowed_ports: number[];
            /**
             * @description CIDRs and host names (with subdomains) that may not be reached; they win.
             * @default []
             */
            denied_destinations: string[];
        };
        NewEndpoint: {
            batch?: {
                /** @default 262144 */
                max_bytes: number;
                /** @default 100 */
                max_events: number;
                /** @default 5000 */
                max_wait_ms: number;
            } | null;
            breaker?: {
                /** @default 10 */
                consecutive_failures: number;
                /** @default 30000 */
                cooldown_ms: number;
                /** @default 0.5 */
                failure_ratio: number;
                /** @default 1800000 */
                max_cooldown_ms: number;
                /** @default 20 */
                minimum_attempts: number;
                /** @default 60000 */
                window_ms: number;
            } | null;
            /** @description Required with the operator’s key; null is an endpoint of the operator, which gets all customers’ events. */
            customer_id?: string | null;
            description?: string | null;
            egress_address?: string | null;
            events?: string[] | null;
            filter?: {
                [key: string]: string[] | string;
            } | null;
            headers?: {
                [key: string]: string | {
                    sensitive?: boolean;
                    value: string;
                };
            } | null;
            max_concurrency?: number | null;
            metadata?: {
                [key: string]: string;
            } | null;
            ordered?: boolean | null;
            payload?: ("envelope" | "data" | "standard" | "cloudevents") | null;
            rate_limit?: {
                limit: number;
                /** @enum {string} */
                per: "second" | "minute" | "hour";
            } | null;
            replay_on_recovery?: boolean | null;
            retry?: {
                delays_ms?: number[];
                factor?: number;
                initial_ms?: number;
                jitter?: number;
                max_ms?: number;
                max_retries?: number;
                /**
                 * @description Instead of all others: nine retries over three days, as Standard Webhooks proposes.
                 * @enum {string}
                 */
                preset?: "standard_webhooks";
                /** @enum {string} */
                strategy?: "exponential" | "linear" | "fixed" | "schedule";
            } | null;
            /** @description Imports a signing secret; generated where absent. With the default signatures it is whsec_ and base64 of 24 to 64 bytes; with those of other senders any text of at least 16 bytes. */
            secret?: string;
            signatures?: (("posthorn" | "standard" | "standard_asymmetric" | "svix" | "convoy_simple" | "convoy_advanced" | "outpost" | "github") | {
                header: string;
                /**
                 * @description Stands before the digest.
                 * @default
                 */
                prefix: string;
                /**
                 * @description HMAC-SHA256 of the body in hex or base64; "stripe" is t=<seconds>,v1=<hex> over <seconds>.<body>.
                 * @enum {string}
                 */
                scheme: "hex" | "base64" | "stripe";
                /**
                 * @description How the secret becomes the key: its text, or what its text stands for (behind whsec_, if any).
                 * @default text
                 * @enum {string}
                 */
                secret_encoding: "text" | "base64" | "hex";
            })[] | null;
            /** @description Imports the Ed25519 private key, whsk_ and base64; generated where absent. No answer shows it. */
            signing_key?: string;
            timeout_ms?: number | null;
            tls?: {
                /** @description PEM, with its chain; given with client_key. */
                client_certificate?: string | null;
                /** @description PEM, not encrypted. Never shown again: answers have ***. */
                client_key?: string | null;
                /** @enum {string} */
                min_version?: "1.2" | "1.3";
            } | null;
            /** @description An id of one’s own, unique among the customer’s endpoints (409 `endpoint_uid_taken`). */
            uid?: string | null;
            /**
             * @description Where deliveries go: https, a public address, port 443; no user info, no fragment.
             * @example https://example.com/hooks
             */
            url: string;
            webhook_id?: ("delivery" | "event") | null;
        };
        NewEndpointWithSecret: {
            batch: {
                /** @default 262144 */
                max_bytes: number;
                /** @default 100 */
                max_events: number;
                /** @default 5000 */
                max_wait_ms: number;
            } | null;
            /** @description When the endpoint is left alone and for how long. Members left out have their defaults. */
            breaker: {
                /** @default 10 */
                consecutive_failures: number;
                /** @default 30000 */
                cooldown_ms: number;
                /** @default 0.5 */
                failure_ratio: number;
                /** @default 1800000 */
                max_cooldown_ms: number;
                /** @default 20 */
                minimum_attempts: number;
                /** @default 60000 */
                window_ms: number;
            };
            breaker_state: components["schemas"]["BreakerState"];
            /** Format: date-time */
            created_at: string;
            customer_id: string | null;
            description: string;
            disabled: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
            } | null;
            /** @description `by_hand`, `gone` (it answered 410), `failing` (for too long) or `unverified` (see `verify`) while disabled. */
            disabled_reason: string | null;
            egress_address: string | null;
            events: string[];
            filter: {
                [key: string]: string[];
            } | null;
            headers: {
                [key: string]: string;
            };
            /** @example ep_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            max_concurrency: number | null;
            /**
             * @description Texts by name, for whoever gives them: at most 50, names of 64 and values of 512 characters. Not sent to receivers.
             * @example {
             *       "region": "eu"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description Whether each delivery waits until the one accepted before it is delivered or dead. */
            ordered: boolean;
            paused: {
                /** @description `operator`, the id of the customer’s key, or who a signal from Temporal says; null where it happened by itself. */
                by: string | null;
                /** @description In the words of whoever did it. */
                reason: string | null;
                /** Format: date-time */
                since: string;
                /** @description When it ends by itself, within seconds; null: not. */
                until: string | null;
            } | null;
            /**
             * @description The body: "envelope" (Posthorn’s own), "data" (the event’s data alone), "standard" ({type, timestamp, data}) or "cloudevents" (structured CloudEvents 1.0). Challenges are always envelopes.
             * @enum {string}
             */
            payload: "envelope" | "data" | "standard" | "cloudevents";
            /** @description What verifies v1a signatures (Ed25519, whpk_ and base64), where "standard_asymmetric" is among the signatures: one a live secret. */
            public_keys: string[];
            rate_limit: {
                limit: number;
                /** @enum {string} */
                per: "second" | "minute" | "hour";
            } | null;
            /** @description Whether deliveries that died since its breaker opened are sent once more, by a replay, when the endpoint is well again. */
            replay_on_recovery: boolean;
            /** @description How failures are retried; members left out keep their value. The strategy "schedule" takes delays_ms, one a retry, and none of initial_ms, factor and max_ms. */
            retry: {
                delays_ms?: number[];
                factor?: number;
                initial_ms?: number;
                jitter?: number;
                max_ms?: number;
                max_retries?: number;
                /**
                 * @description Instead of all others: nine retries over three days, as Standard Webhooks proposes.
                 * @enum {string}
                 */
                preset?: "standard_webhooks";
                /** @enum {string} */
                strategy?: "exponential" | "linear" | "fixed" | "schedule";
            };
            /** @description Signs every delivery. No later answer about the endpoint shows it; GET …/secret does. */
            secret: string;
            /** @description While former secrets are live beside the newest: until when. */
            secret_rotation: {
                /** Format: date-time */
                overlap_ends_at: string;
            } | null;
            /**
             * @description What signs each call: names of known ways, or headers of one’s own; several at once while a receiver moves. Other ways than posthorn and standard take secrets of any form.
             * @example [
             *       "standard",
             *       "svix"
             *     ]
             */
            signatures: (("posthorn" | "standard" | "standard_asymmetric" | "svix" | "convoy_simple" | "convoy_advanced" | "outpost" | "github") | {
                header: string;
                /**
                 * @description Stands before the digest.
                 * @default
                 */
                prefix: string;
                /**
                 * @description HMAC-SHA256 of the body in hex or base64; "stripe" is t=<seconds>,v1=<hex> over <seconds>.<body>.
                 * @enum {string}
                 */
                scheme: "hex" | "base64" | "stripe";
                /**
                 * @description How the secret becomes the key: its text, or what its text stands for (behind whsec_, if any).
                 * @default text
                 * @enum {string}
                 */
                secret_encoding: "text" | "base64" | "hex";
            })[];
            status: components["schemas"]["EndpointStatus"];
            timeout_ms: number;
            tls: {
                client_certificate: string | null;
                client_key: string | null;
                /** @enum {string} */
                min_version: "1.2" | "1.3";
            };
            uid: string | null;
            /** Format: date-time */
            updated_at: string;
            url: string;
            /** @description What may not be meant, such as another endpoint with the same URL. */
            warnings: string[];
            /**
             * @description What stands in webhook-id: the delivery’s id, or the event’s, which is the same at all endpoints.
             * @enum {string}
             */
            webhook_id: "delivery" | "event";
        };
        NewEvent: {
            /** @description For the operator's key: true sends an event of a broadcast type to every customer's subscribed endpoints; customer_id is left out or null then. */
            broadcast?: boolean;
            /** @description Required with the operator's key, unless broadcast is true. With a customer's key it is that customer. */
            customer_id?: string | null;
            /**
             * @description At most `POSTHORN_MAX_EVENT_BYTES` (256 KiB unless the operator says otherwise), 64 levels deep, and valid against the JSON Schema of the event type (which reads numbers as 64-bit floats). Goes to receivers token for token: numbers of any size and spelling up to 1,000 characters, order of members, escapes; only white space between tokens goes.
             * @example {
             *       "job_id": "job_1",
             *       "status": "completed",
             *       "rows_processed": 1200
             *     }
             */
            data: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description Deliver at this time, at most a year ahead; at once where absent.
             */
            deliver_at?: ((string | null) | null) | string | null;
            /** @example job.completed */
            event: string;
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * Format: date-time
             * @description When it happened; when it was accepted where absent.
             */
            occurred_at?: ((string | null) | null) | string | null;
            /** @description The producer’s own id: no two events of a customer have the same, for as long as they are kept (409 `event_uid_taken`). */
            uid?: string | null;
        };
        NewEventBatch: {
            events: components["schemas"]["NewBatchEvent"][];
            /** @description Whether what is right is accepted although other events are not; else it is all or none. */
            partial?: boolean;
        };
        NewEventType: {
            /**
             * @description Whether `broadcast: true` may send it to every customer.
             * @default false
             */
            broadcast: boolean;
            /**
             * @default
             * @example An invoice was paid.
             */
            description: string;
            /** @example job.completed */
            name: string;
            /**
             * @description Whether endpoints get it only by naming it in full; no wildcard includes it.
             * @default false
             */
            opt_in: boolean;
            /**
             * @description JSON Schema (draft 2020-12) that `data` must satisfy; null accepts any object.
             * @default null
             * @example {
             *       "type": "object",
             *       "required": [
             *         "amount"
             *       ],
             *       "properties": {
             *         "amount": {
             *           "type": "number"
             *         }
             *       }
             *     }
             */
            schema: (({
                [key: string]: unknown;
            } | unknown | null) | null) | unknown | null;
            /**
             * @description Members of `data` that events are found by: names, or JSON pointers (`/order/id`). Events accepted before are not found by those that are added.
             * @example [
             *       "invoice_id"
             *     ]
             */
            searchable?: string[];
            /**
             * @description Members of `data` whose values no answer shows, whole objects too: names, or JSON pointers (`/customer/email`), which mean each element of an array that they come to.
             * @example [
             *       "/customer/email"
             *     ]
             */
            sensitive?: string[];
        };
        /**
         * @example {
         *       "customer_id": "acme",
         *       "events": [
         *         "job.*"
         *       ]
         *     }
         */
        NewListener: {
            /** @description Required with the operator’s key; null listens to the events of all customers. */
            customer_id?: string | null;
            events?: string[] | null;
            timeout_ms?: number | null;
        };
        NewPortalSession: {
            /**
             * @description What it allows, by the words of the scopes of keys. `view` is always among them.
             * @default [
             *       "view",
             *       "test",
             *       "retry",
             *       "manage_endpoints"
             *     ]
             */
            capabilities: components["schemas"]["PortalCapability"][];
            /**
             * @description Whose endpoints and deliveries the link shows.
             * @example acme
             */
            customer_id: string;
            /** @default 3600 */
            expires_in_seconds: number;
            /**
             * @description A picture as a `data:` URL; nothing is loaded from elsewhere.
             * @default null
             */
            logo: ((string | null) | null) | string | null;
            /**
             * @description Shown at the top of the page.
             * @default null
             */
            name: ((string | null) | null) | string | null;
            /**
             * @default auto
             * @enum {string}
             */
            theme: "auto" | "light" | "dark";
        };
        NewReplay: {
            /**
             * @description Required where the filter is empty or left out.
             * @enum {boolean}
             */
            all?: true;
            /** @description Only count what would be selected, among the newest 10,000. */
            dry_run?: boolean;
            filter?: {
                /**
                 * Format: date-time
                 * @description Created at this time or later.
                 */
                after?: string;
                /**
                 * Format: date-time
                 * @description Created before this time.
                 */
                before?: string;
                /**
                 * @description Customer of the endpoint.
                 * @example acme
                 */
                customer_id?: string;
                /** @description Only what is of events with these values: `data[job_id]=job_7`, by members that their types name as searchable. Texts as they are, numbers as they were spelled. */
                data?: {
                    [key: string]: string;
                };
                endpoint_id?: string;
                /**
                 * @description Code of the last attempt.
                 * @example http_503
                 */
                error_code?: string;
                /** @example job.completed */
                event?: string;
                event_id?: string;
                ids?: string[];
                /**
                 * @description Why it is dead.
                 * @enum {string}
                 */
                reason?: "retries_exhausted" | "endpoint_gone" | "destination_not_allowed" | "expired";
                /** @description In these states; delivered, dead, skipped where left out. */
                status?: ("delivered" | "dead" | "skipped")[];
            };
            /** @description Send new deliveries instead of the same under their ids. */
            new_delivery?: boolean;
            /** @description Where all of it goes, as new deliveries; each goes to its own endpoint where left out. */
            to_endpoint_id?: string;
        };
        PartialEventBatch: {
            events: (components["schemas"]["AcceptedItem"] | components["schemas"]["RefusedItem"])[];
        };
        /** @enum {string} */
        PortalCapability: "view" | "test" | "retry" | "manage_endpoints" | "secrets";
        PortalLook: {
            logo: string | null;
            name: string | null;
            /** @enum {string} */
            theme: "auto" | "light" | "dark";
        };
        PortalSession: {
            capabilities: components["schemas"]["PortalCapability"][];
            /** Format: date-time */
            created_at: string;
            customer_id: string;
            /** Format: date-time */
            expires_at: string;
            /** @description Whether it was opened. */
            has_begun: boolean;
            id: string;
            /** @description Exact to a minute. */
            last_used_at: string | null;
            name: string | null;
            /** @description The key that made it; null for the operator's own. */
            opened_by: string | null;
            revoked_at: string | null;
            /** @enum {string} */
            theme: "auto" | "light" | "dark";
        };
        PortalSessionList: {
            items: components["schemas"]["PortalSession"][];
            next_cursor: string | null;
        };
        /**
         * @example {
         *       "type": "/docs/problems/required",
         *       "title": "A member or parameter is missing",
         *       "status": 422,
         *       "detail": "This member is required.",
         *       "code": "required",
         *       "errors": [
         *         {
         *           "detail": "This member is required.",
         *           "pointer": "#/event",
         *           "code": "required"
         *         }
         *       ],
         *       "request_id": "c4c3d64c-34c2-417e-b71e-7e7a7df5a36f"
         *     }
         */
        Problem: {
            code: components["schemas"]["ProblemCode"];
            /** @description What happened this time, for people. */
            detail: string;
            errors: components["schemas"]["Fault"][];
            request_id: string;
            status: number;
            /** @description That of the code. */
            title: string;
            /** @description A page of this instance that explains the code. */
            type: string;
        };
        /** @description Stable; for programs. What each means is at `/docs/problems/<code>`. Beside those listed, `schema_` and the keyword of the JSON Schema that `data` breaks. */
        ProblemCode: string | ("http_malformed" | "url_malformed" | "content_length_wrong" | "headers_too_large" | "request_timeout" | "expectation_failed" | "unsupported_media_type" | "body_too_large" | "body_empty" | "json_malformed" | "route_not_found" | "method_not_allowed" | "not_found" | "invalid_request" | "internal_error" | "database_unavailable" | "database_busy" | "request_refused" | "invalid_name" | "key_missing" | "key_malformed" | "key_unknown" | "key_revoked" | "key_expired" | "session_over" | "code_unknown" | "console_not_built" | "cross_site" | "address_not_allowed" | "scope_missing" | "operator_only" | "customer_mismatch" | "origin_not_allowed" | "rate_limited" | "scope_not_allowed" | "expires_at_past" | "invalid_cidr" | "master_key_not_everywhere" | "codec_off" | "namespace_mismatch" | "payload_sealed" | "required" | "unknown_member" | "read_only" | "invalid_type" | "invalid_value" | "invalid_format" | "too_small" | "too_big" | "not_multiple_of" | "invalid_key" | "invalid_element" | "invalid_id" | "invalid_time" | "invalid_customer_id" | "unknown_customer" | "invalid_uid" | "invalid_event_type" | "invalid_status" | "invalid_error_code" | "invalid_ratio" | "cursor_invalid" | "span_empty" | "span_too_long" | "not_searchable" | "group_not_possible" | "window_contradicted" | "time_ahead" | "filter_required" | "too_deep" | "duplicate_key" | "forbidden_key" | "nul_character" | "lone_surrogate" | "number_not_exact" | "number_too_long" | "unstorable_text" | "unknown_event_type" | "reserved_event_type" | "broadcast_not_allowed" | "broadcast_not_explicit" | "broadcast_with_customer" | "data_too_large" | "publish_too_wide" | "deliver_at_past" | "deliver_at_too_far" | "idempotency_key_invalid" | "idempotency_key_misplaced" | "idempotency_key_reused" | "idempotency_key_in_use" | "idempotency_outcome_unknown" | "event_not_scheduled" | "event_type_exists" | "event_type_built_in" | "event_type_in_use" | "invalid_schema" | "schema_unusable" | "invalid_data_text" | "data_or_data_text" | "endpoint_of_other_customer" | "url_empty" | "url_too_long" | "url_forbidden_character" | "url_scheme" | "url_user_info" | "url_invalid" | "url_fragment" | "url_port" | "url_host" | "scheme_not_allowed" | "port_not_allowed" | "destination_not_allowed" | "invalid_event_filter" | "too_many_headers" | "header_reserved" | "header_name_invalid" | "header_repeated" | "header_value_invalid" | "header_too_large" | "header_value_masked" | "below_initial_ms" | "below_cooldown_ms" | "not_for_strategy" | "tls_version_not_allowed" | "invalid_certificate" | "private_key_in_certificate" | "invalid_private_key" | "private_key_too_large" | "key_mismatch" | "unknown_egress_address" | "secret_prefix_missing" | "secret_not_base64" | "secret_too_short" | "secret_too_long" | "secret_too_weak" | "pause_until_past" | "invalid_filter" | "import_unnamed" | "secret_not_for_signature" | "signature_header_taken" | "invalid_signing_key" | "secret_in_use" | "unknown_secret" | "invalid_host" | "invalid_destination" | "attempt_in_progress" | "delivery_cancelled" | "not_retryable" | "delivery_scheduled" | "delivery_ended" | "verification_not_retryable" | "endpoint_deleted" | "endpoint_disabled" | "endpoint_unverified" | "nothing_to_verify" | "verification_too_soon" | "not_first_in_line" | "event_uid_taken" | "endpoint_uid_taken" | "customer_erasing" | "event_is_test" | "event_erased" | "endpoint_secret_differs" | "endpoints_changing" | "last_secret" | "too_many_secrets" | "replay_completed" | "replay_being_cancelled" | "closing" | "too_many_waiting" | "body_incomplete" | "too_many_bytes_under_way" | "bodies_under_way" | "too_many_streams" | "schema_check_timeout" | "diagnosis_timeout" | "endpoint_limit_reached" | "key_limit_reached" | "event_type_limit_reached" | "scheduled_limit_reached" | "test_limit_reached");
        ReadableSecrets: {
            secrets: {
                /** Format: date-time */
                created_at: string;
                /** @description When it stops signing; null of the newest. */
                expires_at: string | null;
                /** @description Whether it makes the body’s signature and X-Webhook-Signature, which have room for one. */
                is_primary: boolean;
                /** @description Counts the secrets that the endpoint ever had. */
                number: number;
                secret: string;
            }[];
        };
        Readiness: {
            reasons: {
                code: string;
                message: string;
                /** @enum {string} */
                part: "process" | "postgres" | "temporal" | "worker" | "network";
            }[];
            /** @enum {string} */
            status: "ready" | "degraded" | "unavailable";
        };
        RefusedItem: {
            problem: components["schemas"]["Problem"];
            status: number;
        };
        RelayedAnswer: {
            /** Format: base64 */
            body_base64: string;
            duration_ms: number;
            /** @description Why nothing answered. */
            error_code?: ("timeout" | "dns_not_found" | "dns_failed" | "connection_refused" | "connection_reset" | "connection_timeout" | "network_unreachable" | "tls_certificate_invalid" | "tls_certificate_expired" | "tls_certificate_name_mismatch" | "tls_client_certificate_required" | "tls_version_unsupported" | "tls_handshake_failed" | "proxy_failed" | "response_malformed" | "response_incomplete" | "redirect_not_followed" | "destination_not_allowed" | "listener_away" | "challenge_not_echoed" | "challenge_expired" | "outcome_unknown" | "internal_error") | null;
            error_detail?: string | null;
            headers: {
                name: string;
                value: string;
            }[];
            /** @description Of the request. */
            id: string;
            /** @description Null where nothing answered. */
            status_code: number | null;
            truncated?: boolean | null;
        };
        RelayedRequest: {
            body_base64: string;
            headers: {
                [key: string]: string;
            };
            /** @description To be named by the answer. */
            id: string;
            timeout_ms: number;
        };
        Replay: {
            cancelled: number;
            /** @description Whether all that it selects is counted in `total`. */
            counted: boolean;
            /** Format: date-time */
            created_at: string;
            /** @description Whose deliveries; null where they may be anybody’s. */
            customer_id: string | null;
            /** @description Ended undelivered this time, those included that stay delivered as they were before. */
            dead: number;
            delivered: number;
            /** @description Null where they may go to several. */
            endpoint_id: string | null;
            finished_at: string | null;
            /** @example rpl_01J8Q2M4T6V8X0Z2B4D6F8H0K2 */
            id: string;
            /** @enum {string} */
            kind: "dead_letters" | "missed" | "deliveries";
            /** @description Whether it makes deliveries of its own. */
            new_delivery: boolean;
            /** @description Gone, no longer what was selected, or of an event that it has sent there already. */
            passed_over: number;
            /** @description Given back to delivery so far, and not taken back. */
            released: number;
            /** @description Counted and not released yet, or released and not ended. */
            remaining: number;
            /** @description `operator`, the id of a customer’s key, or `recovery` where an endpoint recovered by itself. */
            requested_by: string;
            /** @description The filters that it was asked for with. */
            selection: {
                [key: string]: unknown;
            };
            status: components["schemas"]["ReplayStatus"];
            /** @description Its workflow `replay` in the Temporal UI; null for everybody but the operator. */
            temporal_url: string | null;
            /** @description Where all of it goes; null where each delivery goes to its own endpoint. */
            to_endpoint_id: string | null;
            /** @description Deliveries that it selects, as far as it has counted, and those that a cancelled replay gave back since. */
            total: number;
        };
        ReplayList: {
            items: components["schemas"]["Replay"][];
            next_cursor: string | null;
        };
        /** @enum {string} */
        ReplayStatus: "running" | "completed" | "cancelled";
        RotatedSecret: {
            number: number;
            /** @description When the last of the secrets before it stops signing; null where they did at once. */
            overlap_ends_at: string | null;
            /** @description The new secret. */
            secret: string;
            /** @description The live secrets, at most 5, the primary one first. */
            secrets: {
                /** Format: date-time */
                created_at: string;
                /** @description When it stops signing; null of the newest. */
                expires_at: string | null;
                /** @description Whether it makes the body’s signature and X-Webhook-Signature, which have room for one. */
                is_primary: boolean;
                /** @description Counts the secrets that the endpoint ever had. */
                number: number;
            }[];
        };
        Session: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** @description False where its link was not opened yet. */
            has_begun: boolean;
            id: string;
            /** @description Null for the operator's key of the configuration. */
            key_id: string | null;
            /** @description Exact to a minute. */
            last_used_at: string | null;
            revoked_at: string | null;
        };
        SessionCaller: {
            customer_id: string | null;
            /** @description Null for the operator's key of the configuration. */
            key_id: string | null;
            /** @enum {string} */
            kind: "operator" | "customer";
            /** @description Whom a trusted proxy names; null where a key or session was shown. */
            person: string | null;
            /** @description How a portal looks; null where this is none. */
            portal: components["schemas"]["PortalLook"] | null;
            scopes: components["schemas"]["KeyScope"][];
            /** @description Null where a key was shown. */
            session: {
                /** Format: date-time */
                expires_at: string;
                id: string;
                /** @enum {string} */
                kind: "console" | "portal";
            } | null;
        };
        SessionCode: {
            /** @description From the fragment of the link. */
            code: string;
        };
        SessionLink: {
            /** Format: date-time */
            code_expires_at: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            /** @description Opens the console, once, in the browser of whoever has it. */
            url: string;
        };
        SessionList: {
            items: components["schemas"]["Session"][];
            next_cursor: string | null;
        };
        SignedDelivery: {
            /** @description Byte for byte what the signatures are of. */
            body: string;
            /** @description The same for a POSIX shell. */
            curl: string;
            /** @description All of them, sensitive values in clear. */
            headers: {
                [key: string]: string;
            };
            /** @enum {string} */
            method: "POST";
            /**
             * Format: date-time
             * @description Receivers take it for about five minutes from then on.
             */
            signed_at: string;
            url: string;
        };
        SignedRequest: {
            /** @description The exact body as it would be sent. */
            body: string;
            headers: {
                [key: string]: string;
            };
            /** @description The signature that stands in the body. */
            signature: string;
        };
        SignRequest: {
            /**
             * @description Others that are live too, as during a rotation: entries of webhook-signature.
             * @default []
             */
            additional_secrets: string[];
            /** @default 1 */
            attempt: number;
            /** @description The data, which goes in token for token. */
            data?: {
                [key: string]: unknown;
            };
            /** @description The data as JSON text that goes in as it is; instead of `data`. */
            data_text?: string;
            /** @default del_00000000000000000000000000 */
            delivery_id: string;
            event: string | "batch";
            /** @description The signing secret, `whsec_…`. It is used for this answer only. */
            secret: string;
            /**
             * Format: date-time
             * @description When it is signed; now where absent.
             */
            timestamp?: string;
        };
        Stats: {
            /** Format: date-time */
            after: string;
            attempts: {
                failed: number;
                succeeded: number;
                total: number;
            };
            /** Format: date-time */
            before: string;
            by_error_code: {
                advice: string;
                count: number;
                error_code: components["schemas"]["ErrorCode"];
            }[];
            by_status_code: {
                count: number;
                status_code: number;
            }[];
            deliveries: {
                by_status: components["schemas"]["DeliveryCounts"];
                total: number;
            };
            /** @description Whole duration of the attempts that were answered, whatever the status; exact to 5 %. */
            latency_ms: {
                p50: number | null;
                p95: number | null;
                p99: number | null;
            };
            /** @description Succeeded of all attempts; delivered of those that ended delivered or dead. */
            success_rate: {
                attempts: number | null;
                deliveries: number | null;
            };
        };
        StatsNow: {
            /** Format: date-time */
            as_of: string;
            /** @description Dead letters. */
            dead: components["schemas"]["CappedCount"];
            endpoints: {
                breakers_half_open: number;
                breakers_open: number;
                disabled: number;
                enabled: number;
                failing: number;
                paused: number;
            };
            held: components["schemas"]["CappedCount"];
            /** @description Of those that are counted. */
            held_by: {
                backlog: number;
                batch: number;
                breaker: number;
                concurrency: number;
                disabled: number;
                order: number;
                paused: number;
                rate: number;
                retry: number;
            };
            /** @description For how many days to come history has a place of its own already, of eight; null where it has none for any day yet. For the operator only. */
            history_days_ahead: number | null;
            /** @description Since when the oldest is due that nobody sends and nothing holds back. */
            oldest_due_at: string | null;
            scheduled: components["schemas"]["CappedCount"];
            sending: components["schemas"]["CappedCount"];
            /** @description Queued or retrying. */
            waiting: components["schemas"]["CappedCount"];
            /** @description Processes that send and were heard of lately; for the operator only. */
            workers: number | null;
        };
        StatsSeries: {
            /** Format: date-time */
            after: string;
            /** Format: date-time */
            as_of: string;
            /** Format: date-time */
            before: string;
            /** @enum {string} */
            bucket: "1m" | "10m" | "1h" | "1d";
            /** @description How many smaller groups are not shown, as 25 are at most. */
            groups_left_out: number;
            series: {
                /** @description What is split by; null where nothing is, or where it has no value. */
                group: string | null;
                /** @enum {string} */
                measure: "attempts" | "succeeded" | "failed" | "success_rate" | "delivered" | "dead" | "cancelled" | "skipped" | "created" | "published" | "latency_p50" | "latency_p95" | "latency_p99" | "first_attempt_p50" | "first_attempt_p95" | "first_attempt_p99";
                /** @description One a stretch; null where there is nothing to divide by or to measure. */
                values: (number | null)[];
            }[];
            /** @description When each stretch begins. */
            times: string[];
        };
        StatsTop: {
            /** Format: date-time */
            after: string;
            /** Format: date-time */
            before: string;
            items: {
                /** @description Of an error code; null otherwise. */
                advice: string | null;
                attempts: number;
                /** @description Likewise. */
                dead: number;
                /** @description Deliveries that ended so within the span. */
                delivered: number;
                failed: number;
                /**
                 * Format: date-time
                 * @description Exact to the stretches that counts are kept by.
                 */
                first_at: string;
                /** Format: date-time */
                last_at: string;
                /** @description The id of an endpoint or customer, an error code, or the name of an event type. */
                subject: string;
                /** @description Of an endpoint; null otherwise. */
                url: string | null;
            }[];
        };
        SwitchedEndpoints: {
            /** @description How many endpoints changed. */
            count: number;
        };
        /** @description Metadata and data are base64. */
        TemporalPayload: {
            data?: string | null;
            metadata?: {
                [key: string]: string;
            } | null;
        } & {
            [key: string]: unknown;
        };
        TemporalPayloads: {
            /** @default [] */
            payloads: components["schemas"]["TemporalPayload"][];
        };
        Verdict: {
            checks: {
                code: string;
                message: string;
                passed: boolean;
                rule: string;
            }[];
            valid: boolean;
        };
        VerifyRequest: {
            /** @description The raw body as received, byte for byte, as a text. */
            body: string;
            /** @description The headers as received; without them the signature in the body is checked. */
            headers?: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description The time to judge the age by; now where absent.
             */
            now?: string;
            /** @description The signing secret the receiver uses. */
            secret: string;
            /** @description A single signature to judge, wherever it came from. */
            signature?: string;
        };
        Version: {
            /** @example 0.1.0 */
            version: string;
        };
    };
    responses: {
        /** @description The body is not valid JSON, or the request not valid HTTP. */
        BadRequest: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The state of the thing does not allow it. */
        Conflict: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body, or the data of an event, is too large. */
        ContentTooLarge: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This key lacks the scope, may not come from this address, or may not do that for this customer. */
        Forbidden: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it belongs to another customer. */
        NotFound: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Postgres is away or busy; repeat after `Retry-After` seconds. */
        ServiceUnavailable: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The quota of the key or of its customer is used up; go on after `Retry-After` seconds. */
        TooManyRequests: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key is missing, unknown, revoked or expired. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Members or parameters are wrong; `errors` names each. */
        UnprocessableContent: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not application/json. */
        UnsupportedMediaType: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description There where the answer is that of an earlier request with the same key. */
        "Idempotent-Replayed": "true";
        /** @description Requests left and seconds until the window ends, by quota, such as `"key";r=412;t=23`. With keys of customers, where quotas are set. */
        RateLimit: string;
        /** @description The quotas, such as `"key";q=600;w=60`. Where RateLimit is. */
        "RateLimit-Policy": string;
        /** @description Seconds to wait. */
        "Retry-After": number;
        /** @description Says that a bearer key is wanted. */
        "WWW-Authenticate": string;
        /** @description Names the request in the log; your own, if you sent one. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    api_keys_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                customer_id?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List API keys */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    api_keys_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description Create an API key */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    api_keys_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read an API key */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    api_keys_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke an API key */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    api_keys_rotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyRotation"];
            };
        };
        responses: {
            /** @description Give an API key a new text */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    audit_list: {
        parameters: {
            query?: {
                action?: string;
                /** @description Done at or after this time. */
                after?: string;
                /** @description Done before this time. */
                before?: string;
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Whose things were changed. */
                customer_id?: string;
                /** @description Items a page. */
                limit?: number;
                /** @description Id of what was changed. */
                subject_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List who changed what, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customers_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                id?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List customers, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customers_put_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                customer_id: string;
                uid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEndpoint"];
            };
        };
        responses: {
            /** @description Create a customer’s endpoint, or make it what the body says */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointPut"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customers_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a customer */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customers_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerFacts"];
            };
        };
        responses: {
            /** @description Register a customer, or change what is said of it */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customers_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Erase a customer and everything of it */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customers_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Why, for everybody who sees the endpoint. */
                    reason?: string | null;
                    /**
                     * Format: date-time
                     * @description When the pause ends by itself, within seconds; where absent somebody has to resume.
                     */
                    until?: ((string | null) | null) | string | null;
                };
            };
        };
        responses: {
            /** @description Pause all endpoints of a customer */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwitchedEndpoints"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customers_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Resume all paused endpoints of a customer */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwitchedEndpoints"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    dead_letters_list: {
        parameters: {
            query?: {
                /** @description Created at this time or later. */
                after?: string;
                /** @description Created before this time. */
                before?: string;
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Customer of the endpoint. */
                customer_id?: string;
                /** @description Only what is of events with these values: `data[job_id]=job_7`, by members that their types name as searchable. Texts as they are, numbers as they were spelled. */
                data?: {
                    [key: string]: string;
                };
                endpoint_id?: string;
                /** @description Code of the last attempt. */
                error_code?: string;
                event?: string;
                event_id?: string;
                /** @description Items a page. */
                limit?: number;
                reason?: "retries_exhausted" | "endpoint_gone" | "destination_not_allowed" | "expired";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List deliveries that ended undelivered, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    dead_letters_discard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeadLetterSelection"];
            };
        };
        responses: {
            /** @description Take dead letters off the list for good */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CappedCount"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    dead_letters_retry: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeadLetterSelection"];
            };
        };
        responses: {
            /** @description dry_run: how many it would be. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CappedCount"];
                };
            };
            /** @description Send dead letters once more */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterRetry"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_list: {
        parameters: {
            query?: {
                /** @description Created at this time or later. */
                after?: string;
                /** @description Created before this time. */
                before?: string;
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Customer of the endpoint. */
                customer_id?: string;
                /** @description Only what is of events with these values: `data[job_id]=job_7`, by members that their types name as searchable. Texts as they are, numbers as they were spelled. */
                data?: {
                    [key: string]: string;
                };
                endpoint_id?: string;
                /** @description Code of the last attempt. */
                error_code?: string;
                event?: string;
                event_id?: string;
                /** @description Items a page. */
                limit?: number;
                /** @description One state, or several separated by commas. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List deliveries, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a delivery with its last attempts, and what holds it back */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryWithAttempts"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_list_attempts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the attempts of a delivery, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_get_attempt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read an attempt with its bodies */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attempt"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a delivery that is not delivered yet */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send a delivery once more, now */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_get_signed_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Show the request of a delivery, signed now */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedDelivery"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_count: {
        parameters: {
            query?: {
                /** @description Created at this time or later. */
                after?: string;
                /** @description Created before this time. */
                before?: string;
                /** @description Customer of the endpoint. */
                customer_id?: string;
                /** @description Only what is of events with these values: `data[job_id]=job_7`, by members that their types name as searchable. Texts as they are, numbers as they were spelled. */
                data?: {
                    [key: string]: string;
                };
                endpoint_id?: string;
                /** @description Code of the last attempt. */
                error_code?: string;
                event?: string;
                event_id?: string;
                /** @description One state, or several separated by commas. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count deliveries */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CappedCount"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_stream: {
        parameters: {
            query?: {
                /** @description Begins with what happened at this time or later, an hour ago at the earliest; else with what happens next. */
                after?: string;
                /** @description Customer of the endpoint. */
                customer_id?: string;
                endpoint_id?: string;
                /** @description Code of the last attempt. */
                error_code?: string;
                event?: string;
                /** @description What became of the delivery; several between commas. */
                status?: string;
            };
            header?: {
                /** @description Id of the last message that arrived. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Follow deliveries as they go on */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["DeliveryOutcome"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    destination_rules_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the destination rules */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DestinationRules"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    destination_rules_replace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDestinationRules"];
            };
        };
        responses: {
            /** @description Replace the destination rules */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DestinationRules"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    echo_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Items to show, 1 to 200. */
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List what came */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EchoList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    echo_receive: {
        parameters: {
            query?: {
                /** @description How long to wait before answering. */
                delay_ms?: number;
                /** @description Which share of requests gets `status`; the others get 200. All where absent. */
                fail_ratio?: string;
                /** @description A `Retry-After` header for answers that are no 2xx, as it is. */
                retry_after?: string;
                /** @description The status to answer with: 200 where absent, 503 with `fail_ratio`. */
                status?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        /** @description Anything of any type, up to 1 MiB. */
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Receive a request */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EchoReceipt"];
                };
            };
            /** @description The body, or the data of an event, is too large. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Members or parameters are wrong; `errors` names each. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    echo_clear: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forget what came */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    egress_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the addresses that deliveries come from */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Egress"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_list: {
        parameters: {
            query?: {
                breaker_state?: components["schemas"]["BreakerState"];
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                customer_id?: string;
                /** @description Only those that get events of this type. */
                event?: string;
                /** @description Only those whose last attempt failed or whose breaker is not closed, or only the others. */
                failing?: "true" | "false";
                /** @description Items a page. */
                limit?: number;
                status?: components["schemas"]["EndpointStatus"];
                /** @description The one of this uid, or of each customer one. */
                uid?: string;
                /** @description Only those whose URL contains this text. */
                url?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List endpoints, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_create: {
        parameters: {
            query?: {
                /** @description Check only, and create nothing. */
                dry_run?: "true" | "false";
            };
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEndpoint"];
            };
        };
        responses: {
            /** @description Create an endpoint */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewEndpointWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read an endpoint, with how it fares */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointWithHealth"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete an endpoint */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointChanges"];
            };
        };
        responses: {
            /** @description Change an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_disable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Why, for everybody who sees the endpoint. */
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Disable an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_enable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Enable an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Why, for everybody who sees the endpoint. */
                    reason?: string | null;
                    /**
                     * Format: date-time
                     * @description When the pause ends by itself, within seconds; where absent somebody has to resume.
                     */
                    until?: ((string | null) | null) | string | null;
                };
            };
        };
        responses: {
            /** @description Pause an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_recover: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Only count what would be recovered, among the newest 10,000. */
                    dry_run?: boolean;
                    /** @description Only some of it. By default all that is kept. */
                    filter?: {
                        /**
                         * Format: date-time
                         * @description Created at this time or later.
                         */
                        after?: string;
                        /**
                         * Format: date-time
                         * @description Created before this time.
                         */
                        before?: string;
                        /** @description Only what is of events with these values: `data[job_id]=job_7`, by members that their types name as searchable. Texts as they are, numbers as they were spelled. */
                        data?: {
                            [key: string]: string;
                        };
                        /**
                         * @description Code of the last attempt.
                         * @example http_503
                         */
                        error_code?: string;
                        /** @example job.completed */
                        event?: string;
                        event_id?: string;
                        ids?: string[];
                        /**
                         * @description Why it is dead.
                         * @enum {string}
                         */
                        reason?: "retries_exhausted" | "endpoint_gone" | "destination_not_allowed" | "expired";
                    };
                };
            };
        };
        responses: {
            /** @description dry_run: how many it would be. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CappedCount"];
                };
            };
            /** @description Send what an endpoint missed while it was disabled */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Resume an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_get_secrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Show the live signing secrets of an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadableSecrets"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_promote_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sign everything with the newest secret first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveSecrets"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_revoke_secrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Which secrets; all but the newest where absent. */
                    numbers?: number[];
                };
            };
        };
        responses: {
            /** @description Revoke signing secrets of an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveSecrets"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_rotate_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description How long the secrets before it stay live; 0 ends them at once.
                     * @default 86400
                     */
                    overlap_seconds?: number;
                    /** @description The new secret; generated where absent. Repeated with the same one, the request is refused and changes nothing. */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description Give an endpoint a new signing secret */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_get_stats: {
        parameters: {
            query?: {
                /** @description Start; widened to a whole minute, hour or day. */
                after?: string;
                /** @description End, not included. Default: now. */
                before?: string;
                /** @description The last hour, day, week or thirty days; instead of after and before. */
                window?: "1h" | "24h" | "7d" | "30d";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success rates, latencies, errors and backlog of an endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointStats"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_test: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Default: sample data of the type. */
                    data?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Default: the first type the endpoint names, else job.completed.
                     * @example job.completed
                     */
                    event?: string;
                };
            };
        };
        responses: {
            /** @description Send a test event to an endpoint and wait for its answer */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointTestResult"];
                };
            };
            /** @description No attempt was recorded in time. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointTestResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_get_verification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read whether an endpoint is verified, and what came of its last challenge */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointVerification"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send an unverified endpoint another challenge and wait for its answer */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointVerification"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            /** @description A challenge was sent a moment ago; go on after `Retry-After` seconds. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    event_types_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List event types */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    event_types_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEventType"];
            };
        };
        responses: {
            /** @description Register an event type */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventType"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    event_types_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read an event type */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventType"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    event_types_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete an event type */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    event_types_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventTypeChange"];
            };
        };
        responses: {
            /** @description Change an event type */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventType"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_list: {
        parameters: {
            query?: {
                /** @description Accepted at or after this time. */
                after?: string;
                /** @description Accepted before this time. */
                before?: string;
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                customer_id?: string;
                /** @description Only what is of events with these values: `data[job_id]=job_7`, by members that their types name as searchable. Texts as they are, numbers as they were spelled. */
                data?: {
                    [key: string]: string;
                };
                event?: string;
                /** @description Accepted under this key, within the day that keys are kept. */
                idempotency_key?: string;
                /** @description Items have their data; pages may be shorter. */
                include?: "data";
                /** @description Items a page. */
                limit?: number;
                /** @description Only those that no endpoint got: none matched, or all were disabled. */
                reached?: "none";
                /** @description The one of this uid, or of each customer one. */
                uid?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List events */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_publish: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same event gives the first answer (and `Idempotent-Replayed: true`); with another event 422. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEvent"];
            };
        };
        responses: {
            /** @description Publish an event */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedEvent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read an event */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancel a scheduled event */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_erase_data: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Erase what an event carried */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_explain: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Endpoints a page. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Explain why an event did or did not reach each endpoint */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventExplanation"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_send: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventSending"];
            };
        };
        responses: {
            /** @description Send an event to one endpoint, once more or for the first time */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_publish_batch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEventBatch"];
            };
        };
        responses: {
            /** @description Publish many events */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedEventBatch"] | components["schemas"]["PartialEventBatch"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Is the process alive? */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
        };
    };
    health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Can it take requests? */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description The database cannot be used, or the process is about to stop. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    imports_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Import"];
            };
        };
        responses: {
            /** @description Import endpoints of another sender */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listeners_answer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RelayedAnswer"];
            };
        };
        responses: {
            /** @description Tell what a request of a listener was answered */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listeners_stream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Take the requests of a listener as they are signed */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["RelayedRequest"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listeners_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewListener"];
            };
        };
        responses: {
            /** @description Make a listener, or go on with the one of this name */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listener"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    master_key_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tell what is sealed with which master key */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MasterKey"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    master_key_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description `next` of the step before; from the first endpoint on where absent. */
                    after?: string;
                };
            };
        };
        responses: {
            /** @description Re-encrypt a part of what is secret with the first master key */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MasterKeyRotationStep"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portal_sessions_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List portal links */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortalSessionList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portal_sessions_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPortalSession"];
            };
        };
        responses: {
            /** @description Make a link to a customer’s portal */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedPortalSession"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portal_sessions_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke a portal link */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    replays_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Whose deliveries are replayed. */
                customer_id?: string;
                /** @description Replays of this endpoint only. */
                endpoint_id?: string;
                /** @description Items a page. */
                limit?: number;
                status?: components["schemas"]["ReplayStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List replays, newest first */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    replays_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours the same key with the same request gives the first answer (and `Idempotent-Replayed: true`); with another request 422, while the first is under way 409. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReplay"];
            };
        };
        responses: {
            /** @description dry_run: how many it would be. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CappedCount"];
                };
            };
            /** @description Send any selection of deliveries once more */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    replays_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a replay and how far it has come */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    replays_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancel a replay */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    replays_continue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Have a cancelled replay go on */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    session_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is calling */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionCaller"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    session_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begin a session of this browser */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BegunSession"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    session_end: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End the session of this browser */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    session_exchange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionCode"];
            };
        };
        responses: {
            /** @description Begin a session by the code of a link */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BegunSession"];
                };
            };
            /** @description The body is not valid JSON, or the request not valid HTTP. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key is missing, unknown, revoked or expired. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body, or the data of an event, is too large. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Members or parameters are wrong; `errors` names each. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Make a link that signs a browser in */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionLink"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_list: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before; valid for the same list, key and filters only. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List sessions of the console */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a session of the console */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    stats_get: {
        parameters: {
            query?: {
                /** @description Start; widened to a whole minute, hour or day. */
                after?: string;
                /** @description End, not included. Default: now. */
                before?: string;
                customer_id?: string;
                /** @description The last hour, day, week or thirty days; instead of after and before. */
                window?: "1h" | "24h" | "7d" | "30d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success rates, latencies and errors over all endpoints */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    stats_get_now: {
        parameters: {
            query?: {
                customer_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What waits, is held, is sent and is dead at this moment */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsNow"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    stats_get_series: {
        parameters: {
            query?: {
                /** @description Start; widened to a whole minute, hour or day. */
                after?: string;
                /** @description End, not included. Default: now. */
                before?: string;
                /** @description Length of a stretch; `auto` is the shortest that gives 200 at most. */
                bucket?: "auto" | "1m" | "10m" | "1h" | "1d";
                customer_id?: string;
                /** @description Up to 100 ids of endpoints, separated by commas. */
                endpoint_ids?: string;
                group_by?: "outcome" | "status_code" | "error_code" | "event" | "endpoint_id";
                /** @description One or more of attempts, succeeded, failed, success_rate, delivered, dead, cancelled, skipped, created, published, latency_p50, latency_p95, latency_p99, first_attempt_p50, first_attempt_p95, first_attempt_p99, separated by commas. */
                measures?: string;
                /** @description The last hour, day, week or thirty days; instead of after and before. */
                window?: "1h" | "24h" | "7d" | "30d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts and percentiles over time */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsSeries"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    stats_list_top: {
        parameters: {
            query?: {
                /** @description Start; widened to a whole minute, hour or day. */
                after?: string;
                /** @description End, not included. Default: now. */
                before?: string;
                by?: "endpoint" | "error_code" | "customer" | "event";
                customer_id?: string;
                limit?: number;
                /** @description What is counted and ordered by. */
                of?: "attempts" | "failed" | "delivered" | "dead";
                /** @description The last hour, day, week or thirty days; instead of after and before. */
                window?: "1h" | "24h" | "7d" | "30d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoints, error codes, customers or event types with the largest counts */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsTop"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    temporal_codec_decode: {
        parameters: {
            query?: never;
            header?: {
                /** @description Must be the namespace of Posthorn. */
                "X-Namespace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemporalPayloads"];
            };
        };
        responses: {
            /** @description Decrypt payloads of Temporal */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemporalPayloads"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    temporal_codec_encode: {
        parameters: {
            query?: never;
            header?: {
                /** @description Must be the namespace of Posthorn. */
                "X-Namespace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemporalPayloads"];
            };
        };
        responses: {
            /** @description Encrypt payloads for Temporal */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemporalPayloads"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    tools_sign: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignRequest"];
            };
        };
        responses: {
            /** @description Sign a body */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedRequest"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    tools_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyRequest"];
            };
        };
        responses: {
            /** @description Find out why a request does not verify */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableContent"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    version_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which version answers */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    webhook_api_rate_limit: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        customer_id?: string;
                        limit: number;
                        /** Format: date-time */
                        resets_at?: string;
                        threshold_percent?: number;
                        used: number;
                        window_seconds?: number;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "api.rate_limit";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_batch: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        count: number;
                        events: {
                            /** Format: date-time */
                            created_at: string;
                            data: {
                                [key: string]: unknown;
                            };
                            /** @description Deduplicate by this one. */
                            delivery_id: string;
                            event: string;
                        }[];
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "batch";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_delivery_dead: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        attempts_made: number;
                        customer_id: string | null;
                        delivery_id: string;
                        endpoint_id: string;
                        event: string;
                        event_id: string;
                        last_error_code: string | null;
                        last_status_code: number | null;
                        reason: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "delivery.dead";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_endpoint_closed: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        /** Format: date-time */
                        closed_at: string;
                        customer_id: string | null;
                        endpoint_id: string;
                        /** Format: date-time */
                        opened_at: string;
                        url: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "endpoint.closed";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_endpoint_disabled: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        customer_id: string | null;
                        /** Format: date-time */
                        disabled_at: string;
                        endpoint_id: string;
                        /** Format: date-time */
                        failing_since: string | null;
                        /** @enum {unknown} */
                        reason: "by_hand" | "gone" | "failing";
                        url: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "endpoint.disabled";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_endpoint_disabling: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        customer_id: string | null;
                        /** Format: date-time */
                        disables_at: string;
                        endpoint_id: string;
                        /** Format: date-time */
                        failing_since: string;
                        /** @enum {unknown} */
                        percent: 50 | 70 | 90;
                        url: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "endpoint.disabling";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_endpoint_failing: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        advice: string | null;
                        attempts: number;
                        console_url: string;
                        customer_id: string | null;
                        endpoint_id: string;
                        endpoints: number;
                        /** Format: date-time */
                        failing_since: string;
                        failures: number;
                        host: string;
                        last_error_code: string | null;
                        url: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "endpoint.failing";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_endpoint_opened: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        consecutive_failures: number;
                        customer_id: string | null;
                        endpoint_id: string;
                        last_error_code: string | null;
                        /** Format: date-time */
                        opened_at: string;
                        /** Format: date-time */
                        probe_at: string;
                        url: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "endpoint.opened";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_endpoint_recovered: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        console_url: string;
                        customer_id: string | null;
                        endpoint_id: string;
                        /** Format: date-time */
                        failing_since: string;
                        host: string;
                        /** Format: date-time */
                        recovered_at: string;
                        url: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "endpoint.recovered";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_endpoint_verification: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        challenge: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "endpoint.verification";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Verified, if the body is `{"challenge":"…"}` with the challenge, or the challenge as plain text. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not verified, and not tried again until somebody asks for another challenge. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_job_cancelled: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        compression?: string;
                        customer_id?: string;
                        execution_time_seconds?: number;
                        /** Format: date-time */
                        expires_at?: string;
                        file_size_bytes?: number;
                        job_id?: string;
                        metadata?: {
                            [key: string]: unknown;
                        };
                        output_format?: string;
                        procedure_name?: string;
                        /** @enum {unknown} */
                        reason?: "manual" | "timeout";
                        rows_processed?: number;
                        s3_url?: string;
                        status?: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "job.cancelled";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_job_completed: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        compression?: string;
                        customer_id?: string;
                        execution_time_seconds?: number;
                        /** Format: date-time */
                        expires_at?: string;
                        file_size_bytes?: number;
                        job_id?: string;
                        metadata?: {
                            [key: string]: unknown;
                        };
                        output_format?: string;
                        procedure_name?: string;
                        rows_processed?: number;
                        s3_url?: string;
                        status?: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "job.completed";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_job_failed: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        compression?: string;
                        customer_id?: string;
                        error?: {
                            code: string;
                            details?: unknown;
                            message: string;
                        };
                        execution_time_seconds?: number;
                        /** Format: date-time */
                        expires_at?: string;
                        file_size_bytes?: number;
                        job_id?: string;
                        metadata?: {
                            [key: string]: unknown;
                        };
                        output_format?: string;
                        procedure_name?: string;
                        rows_processed?: number;
                        s3_url?: string;
                        status?: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "job.failed";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_job_progress: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        compression?: string;
                        customer_id?: string;
                        execution_time_seconds?: number;
                        /** Format: date-time */
                        expires_at?: string;
                        file_size_bytes?: number;
                        job_id?: string;
                        metadata?: {
                            [key: string]: unknown;
                        };
                        output_format?: string;
                        procedure_name?: string;
                        progress_percent?: number;
                        rows_processed?: number;
                        s3_url?: string;
                        status?: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "job.progress";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhook_system_maintenance: {
        parameters: {
            query?: never;
            header: {
                /** @description Delivery id: the same over every attempt. Process each once. */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the decoded secret; during a rotation one entry a live secret, separated by blanks. */
                "webhook-signature": string;
                /** @description Unix seconds of signing. Refuse what is more than 300 s off. */
                "webhook-timestamp": string;
                /** @description Number of the attempt; for information, not signed. */
                "X-Webhook-Attempt": string;
                /** @description Delivery id; for information, not signed. */
                "X-Webhook-Delivery": string;
                /** @description Event type; for information, not signed. */
                "X-Webhook-Event": string;
                /** @description Event id; for information, not signed. */
                "X-Webhook-Event-Id": string;
                /** @description `sha256=` and hex of HMAC-SHA256 over the exact body, keyed with the text of the secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    attempt: number;
                    data: {
                        /** Format: date-time */
                        ends_at?: string;
                        message?: string;
                        /** Format: date-time */
                        starts_at?: string;
                        title?: string;
                    };
                    /** @description The same over every attempt; deduplicate by it. */
                    delivery_id: string;
                    /** @constant */
                    event: "system.maintenance";
                    /** @description HMAC-SHA256 over this body with `signature` emptied, keyed with the text of the secret. */
                    signature: string;
                    /**
                     * Format: date-time
                     * @description When this attempt was signed; whole seconds.
                     */
                    timestamp: string;
                };
            };
        };
        responses: {
            /** @description Received. Answer at once and do the work afterwards; bodies are not needed. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is gone: it is disabled and gets nothing more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not received: tried again on the schedule of the endpoint. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
