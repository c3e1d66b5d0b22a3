# What is connected to what. Run infra/package first, or say -var archives=FOLDER.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  override_resource {
    target = google_service_account.push
    values = {
      name   = "projects/school-demo/serviceAccounts/push@school-demo.iam.gserviceaccount.com"
      email  = "push@school-demo.iam.gserviceaccount.com"
      member = "serviceAccount:push@school-demo.iam.gserviceaccount.com"
    }
  }
  override_resource {
    target = google_service_account.scheduler
    values = {
      email  = "scheduler@school-demo.iam.gserviceaccount.com"
      member = "serviceAccount:scheduler@school-demo.iam.gserviceaccount.com"
    }
  }
  override_resource {
    target = google_service_account.delegate
    values = {
      name      = "projects/school-demo/serviceAccounts/delegate@school-demo.iam.gserviceaccount.com"
      email     = "delegate@school-demo.iam.gserviceaccount.com"
      member    = "serviceAccount:delegate@school-demo.iam.gserviceaccount.com"
      unique_id = "112233445566778899000"
    }
  }
  override_resource {
    target = google_service_account.function["enroll"]
    values = {
      email  = "enroll@school-demo.iam.gserviceaccount.com"
      member = "serviceAccount:enroll@school-demo.iam.gserviceaccount.com"
    }
  }
  override_resource {
    target = google_service_account.function["collect"]
    values = { member = "serviceAccount:collect@school-demo.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.function["wake"]
    values = { member = "serviceAccount:wake@school-demo.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.function["sis_webhook"]
    values = { member = "serviceAccount:sis-webhook@school-demo.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.function["form_intake"]
    values = { member = "serviceAccount:form-intake@school-demo.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.forms_reader
    values = {
      name      = "projects/school-demo/serviceAccounts/reader@school-demo.iam.gserviceaccount.com"
      email     = "reader@school-demo.iam.gserviceaccount.com"
      unique_id = "998877665544332211000"
    }
  }
  override_resource {
    target = google_cloudfunctions2_function.this["form_intake"]
    values = { service_config = { uri = "https://form-intake-abc-uc.a.run.app" } }
  }
  override_resource {
    target = google_pubsub_topic.this["form-notifications"]
    values = { id = "projects/school-demo/topics/form-notifications" }
  }
  override_resource {
    target = google_cloudfunctions2_function.this["enroll"]
    values = { service_config = { uri = "https://enroll-abc-uc.a.run.app" } }
  }
  override_resource {
    target = google_cloudfunctions2_function.this["collect"]
    values = { service_config = { uri = "https://collect-abc-uc.a.run.app" } }
  }
  override_resource {
    target = google_cloudfunctions2_function.this["wake"]
    values = { service_config = { uri = "https://wake-abc-uc.a.run.app" } }
  }
  override_resource {
    target = google_cloudfunctions2_function.this["sis_webhook"]
    values = { service_config = { uri = "https://sis-webhook-abc-uc.a.run.app" } }
  }
  override_resource {
    target = google_pubsub_topic.this["enrollment-requests"]
    values = { id = "projects/school-demo/topics/enrollment-requests" }
  }
  override_resource {
    target = google_pubsub_topic.this["enrollment-dead-letters"]
    values = { id = "projects/school-demo/topics/enrollment-dead-letters" }
  }
  override_resource {
    target = google_project_iam_custom_role.sign_jwt
    values = { id = "projects/school-demo/roles/enrollmentSignJwt" }
  }
}

variables {
  project_id      = "school-demo"
  classroom_admin = "admin@school.example"
}

run "deployed" {
  # Messages

  assert {
    condition = alltrue([
      for topic in google_pubsub_topic.this :
      anytrue([for each in google_pubsub_subscription.this : each.topic == topic.id])
    ])
    error_message = "a topic has no subscription: what is sent there is dropped"
  }
  assert {
    condition = alltrue([
      for each in google_pubsub_subscription.this :
      anytrue([for other in google_pubsub_subscription.this : other.topic == each.dead_letter_policy[0].dead_letter_topic])
      if length(each.dead_letter_policy) > 0
    ])
    error_message = "a dead-letter topic has no subscription: what is given up is lost"
  }
  assert {
    condition     = google_pubsub_subscription.this["enrollment-requests-enroll"].dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.this["enrollment-dead-letters"].id
    error_message = "requests are not given up to the dead letters"
  }
  assert {
    condition     = google_pubsub_subscription.this["enrollment-requests-enroll"].topic == google_pubsub_topic.this["enrollment-requests"].id
    error_message = "enroll does not get the requests"
  }
  assert {
    condition     = google_pubsub_subscription.this["enrollment-requests-enroll"].dead_letter_policy[0].max_delivery_attempts == 100
    error_message = "throttled requests would be given up early"
  }
  assert {
    condition     = alltrue([for each in google_pubsub_subscription.this : each.expiration_policy[0].ttl == ""])
    error_message = "a subscription expires in the summer holidays"
  }
  assert {
    condition     = alltrue([for each in google_pubsub_topic.this : each.message_retention_duration != null])
    error_message = "a topic does not keep its messages"
  }
  assert {
    condition = (
      google_pubsub_subscription.this["enrollment-requests-enroll"].retry_policy[0].minimum_backoff == "10s" &&
      google_pubsub_subscription.this["enrollment-requests-enroll"].retry_policy[0].maximum_backoff == "600s"
    )
    error_message = "redelivery is not spaced by 10 s to 10 min"
  }
  assert {
    condition = (
      google_pubsub_subscription_iam_member.agent_acknowledges["enrollment-requests-enroll"].member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com" &&
      google_pubsub_subscription_iam_member.agent_acknowledges["enrollment-requests-enroll"].role == "roles/pubsub.subscriber" &&
      google_pubsub_topic_iam_member.agent_publishes_dead_letters["enrollment-dead-letters"].member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com" &&
      google_pubsub_topic_iam_member.agent_publishes_dead_letters["enrollment-dead-letters"].role == "roles/pubsub.publisher"
    )
    error_message = "Pub/Sub's agent may not give a message up"
  }

  # Who calls whom

  assert {
    condition = alltrue([
      for name, function in { "enrollment-requests-enroll" = "enroll", "enrollment-dead-letters-collect" = "collect" } :
      google_pubsub_subscription.this[name].push_config[0].push_endpoint == output.function_uris[function] &&
      google_pubsub_subscription.this[name].push_config[0].oidc_token[0].audience == output.function_uris[function] &&
      google_pubsub_subscription.this[name].push_config[0].oidc_token[0].service_account_email == "push@school-demo.iam.gserviceaccount.com"
    ])
    error_message = "a push goes to the wrong function, or its token is not for it"
  }
  assert {
    condition     = length(google_pubsub_subscription.this["enrollment-dead-letters-archive"].push_config) == 0
    error_message = "the archive of dead letters is pushed somewhere"
  }
  assert {
    condition     = keys(output.function_uris) == ["collect", "enroll", "wake"]
    error_message = "what takes deliveries from outside is deployed though nothing is declared"
  }
  assert {
    condition     = keys(google_pubsub_topic.this) == ["enrollment-dead-letters", "enrollment-requests"] && length(google_pubsub_topic_iam_member.forms_notify) == 0
    error_message = "Google Forms may tell of forms though none is declared"
  }
  assert {
    condition     = length(google_service_account.forms_reader) == 0 && output.forms_reader == null && !contains(keys(google_project_service.this), "forms.googleapis.com")
    error_message = "forms could be read though none is declared"
  }
  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.this["wake"].service_config[0].environment_variables), "FORM_NOTIFICATIONS_TOPIC")
    error_message = "wake asks for a look at forms though none is declared"
  }
  assert {
    condition     = length(distinct(values(output.function_uris))) == 3
    error_message = "functions share an address"
  }
  assert {
    condition = { for name, each in google_cloud_run_v2_service_iam_member.invoker : name => each.member } == {
      enroll  = "serviceAccount:push@school-demo.iam.gserviceaccount.com"
      collect = "serviceAccount:push@school-demo.iam.gserviceaccount.com"
      wake    = "serviceAccount:scheduler@school-demo.iam.gserviceaccount.com"
    }
    error_message = "somebody else than the push and the clock may call a function"
  }
  assert {
    condition     = alltrue([for each in google_cloud_run_v2_service_iam_member.invoker : each.role == "roles/run.invoker"])
    error_message = "the grant on the service is not to call it"
  }
  assert {
    condition = (
      google_service_account_iam_member.agent_mints_push_token.service_account_id == google_service_account.push.name &&
      google_service_account_iam_member.agent_mints_push_token.role == "roles/iam.serviceAccountTokenCreator" &&
      google_service_account_iam_member.agent_mints_push_token.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    )
    error_message = "Pub/Sub cannot sign its pushes"
  }
  assert {
    condition = (
      google_cloud_scheduler_job.this["wake"].schedule == "* * * * *" &&
      google_cloud_scheduler_job.this["wake"].http_target[0].uri == output.function_uris["wake"] &&
      google_cloud_scheduler_job.this["wake"].http_target[0].oidc_token[0].audience == output.function_uris["wake"] &&
      google_cloud_scheduler_job.this["wake"].http_target[0].oidc_token[0].service_account_email == "scheduler@school-demo.iam.gserviceaccount.com"
    )
    error_message = "nobody wakes wake each minute"
  }

  # Who may do what

  assert {
    condition = { for name, each in google_pubsub_topic_iam_member.publishes : name => each.member } == {
      "enroll/enrollment-dead-letters" = "serviceAccount:enroll@school-demo.iam.gserviceaccount.com"
      "wake/enrollment-dead-letters"   = "serviceAccount:wake@school-demo.iam.gserviceaccount.com"
      "wake/enrollment-requests"       = "serviceAccount:wake@school-demo.iam.gserviceaccount.com"
    }
    error_message = "a function may publish where it has no business, or not where it has"
  }
  assert {
    condition     = google_project_iam_custom_role.sign_jwt.permissions == toset(["iam.serviceAccounts.signJwt"])
    error_message = "the role of the delegation holds more than signJwt"
  }
  assert {
    condition = (
      google_service_account_iam_member.enroll_signs.service_account_id == google_service_account.delegate.name &&
      google_service_account_iam_member.enroll_signs.role == google_project_iam_custom_role.sign_jwt.id &&
      google_service_account_iam_member.enroll_signs.member == "serviceAccount:enroll@school-demo.iam.gserviceaccount.com"
    )
    error_message = "enroll cannot sign as the delegate"
  }
  assert {
    condition     = alltrue([for each in google_project_iam_member.uses_ledger : each.role == "roles/datastore.user" && each.condition[0].expression == "resource.name == \"projects/school-demo/databases/enrollment\""])
    error_message = "a function may use another database than the ledger's"
  }
  assert {
    condition     = keys(google_secret_manager_secret_iam_member.reads_pseudonym_key) == ["collect", "enroll"]
    error_message = "the pseudonym key is read by others than enroll and collect"
  }

  # The functions

  assert {
    condition = alltrue([
      for each in google_cloudfunctions2_function.this :
      each.service_config[0].environment_variables["THREADS"] == tostring(each.service_config[0].max_instance_request_concurrency)
    ])
    error_message = "requests that Cloud Run lets in would wait for a thread"
  }
  assert {
    condition     = alltrue([for each in google_cloudfunctions2_function.this : each.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"])
    error_message = "a function is reached from outside"
  }
  assert {
    condition     = alltrue([for name, each in google_cloudfunctions2_function.this : each.build_config[0].entry_point == name])
    error_message = "a function starts at another's door"
  }
  assert {
    condition     = alltrue([for name, each in google_storage_bucket_object.source : startswith(each.name, "${name}-") && can(regex("-[0-9a-f]{64}\\.zip$", each.name))])
    error_message = "a changed source would not be deployed: its name lacks the hash"
  }
  assert {
    condition = alltrue([
      for name, each in google_cloudfunctions2_function.this :
      each.build_config[0].source[0].storage_source[0].object == google_storage_bucket_object.source[name].name
    ])
    error_message = "a function is built of another's archive"
  }
  assert {
    condition = google_cloudfunctions2_function.this["enroll"].service_config[0].environment_variables == tomap({
      CLASSROOM_ADMIN               = "admin@school.example"
      CLASSROOM_DELEGATE            = "delegate@school-demo.iam.gserviceaccount.com"
      CLASSROOM_QUOTA_PER_MINUTE    = "1200"
      CLASSROOM_QUOTA_RESERVE       = "60"
      ENROLLMENT_DEAD_LETTERS_TOPIC = "enrollment-dead-letters"
      ENROLLMENT_REQUESTS_TOPIC     = "enrollment-requests"
      ENROLLMENT_STORE              = "firestore"
      ENROLL_INSTANCES              = "1"
      FIRESTORE_DATABASE            = "enrollment"
      GOOGLE_CLOUD_PROJECT          = "school-demo"
      THREADS                       = "32"
    })
    error_message = "enroll's environment is another than the contract's"
  }
  assert {
    condition     = alltrue([for name in ["collect", "wake"] : !anytrue([for key in ["CLASSROOM_ADMIN", "CLASSROOM_DELEGATE"] : contains(keys(google_cloudfunctions2_function.this[name].service_config[0].environment_variables), key)])])
    error_message = "the delegation is named where it is not used"
  }
  assert {
    condition = { for name, each in google_cloudfunctions2_function.this : name => [for s in each.service_config[0].secret_environment_variables : "${s.key}=${s.secret}:${s.version}"] } == {
      collect = ["PSEUDONYM_KEY=enrollment-pseudonym-key:1"]
      enroll  = ["PSEUDONYM_KEY=enrollment-pseudonym-key:1"]
      wake    = []
    }
    error_message = "the pseudonym key is not where it is used, or moves to a new version by itself"
  }
  assert {
    condition     = google_cloudfunctions2_function.this["enroll"].service_config[0].max_instance_count == 1
    error_message = "more instances than share the quota"
  }

  # The ledger

  assert {
    condition = (
      google_firestore_database.this.type == "FIRESTORE_NATIVE" &&
      google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_ENABLED" &&
      google_firestore_database.this.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    )
    error_message = "the ledger is not protected"
  }
  assert {
    condition = alltrue([
      for collection in ["enrollments", "reviews"] :
      length(google_firestore_field.expiry[collection].ttl_config) == 1 &&
      length(google_firestore_field.expiry[collection].index_config[0].indexes) == 0 &&
      google_firestore_field.rest[collection].field == "*" &&
      length(google_firestore_field.rest[collection].index_config[0].indexes) == 0
    ])
    error_message = "what nobody asks for is indexed, or what has expired stays"
  }

  # What a person needs next

  assert {
    condition = alltrue([
      for line in ["GOOGLE_CLOUD_PROJECT='school-demo'", "FIRESTORE_DATABASE='enrollment'", "ENROLLMENT_STORE='firestore'", "CLASSROOM_DELEGATE='delegate@school-demo.iam.gserviceaccount.com'"] :
      strcontains(output.exports, "export ${line}")
    ])
    error_message = "The operator's shell is not told all that the functions know."
  }

  assert {
    condition     = output.delegation_client_id == "112233445566778899000" && output.delegation_scope == "https://www.googleapis.com/auth/classroom.rosters"
    error_message = "the Admin console would be told something else"
  }
}

run "shared_by_three_instances" {
  command = plan

  variables {
    enroll_instances = 3
  }

  assert {
    condition = (
      google_cloudfunctions2_function.this["enroll"].service_config[0].max_instance_count == 3 &&
      google_cloudfunctions2_function.this["wake"].service_config[0].max_instance_count == 1 &&
      alltrue([for each in google_cloudfunctions2_function.this : each.service_config[0].environment_variables["ENROLL_INSTANCES"] == "3"])
    )
    error_message = "the quota is not shared by as many as there can be"
  }
}

run "opened_to_declared_senders" {
  variables {
    sources_file   = "versions.tf" # any file will do here
    source_secrets = ["sis-current", "sis-old"]
  }

  # Who calls whom

  assert {
    condition = { for name, each in google_cloudfunctions2_function.this : name => each.service_config[0].ingress_settings } == {
      collect     = "ALLOW_INTERNAL_ONLY"
      enroll      = "ALLOW_INTERNAL_ONLY"
      form_intake = "ALLOW_ALL"
      sis_webhook = "ALLOW_ALL"
      wake        = "ALLOW_INTERNAL_ONLY"
    }
    error_message = "no sender reaches the intake, or one reaches past it"
  }
  assert {
    condition = { for name, each in google_cloud_run_v2_service_iam_member.invoker : name => "${each.role} ${each.member}" } == {
      collect     = "roles/run.invoker serviceAccount:push@school-demo.iam.gserviceaccount.com"
      enroll      = "roles/run.invoker serviceAccount:push@school-demo.iam.gserviceaccount.com"
      form_intake = "roles/run.invoker allUsers"
      sis_webhook = "roles/run.invoker allUsers"
      wake        = "roles/run.invoker serviceAccount:scheduler@school-demo.iam.gserviceaccount.com"
    }
    error_message = "the intake turns senders away, or the public may call what is not an intake"
  }
  assert {
    condition     = google_cloud_run_v2_service_iam_member.invoker["sis_webhook"].name == google_cloudfunctions2_function.this["sis_webhook"].name
    error_message = "the public is let into another service than the intake"
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this["sis_webhook"].name == "sis-webhook" &&
      google_cloudfunctions2_function.this["sis_webhook"].build_config[0].entry_point == "sis_webhook" &&
      google_service_account.function["sis_webhook"].account_id == "enrollment-sis-webhook"
    )
    error_message = "the intake has a name that Google refuses, or starts at another's door"
  }
  assert {
    condition     = output.function_uris["sis_webhook"] == "https://sis-webhook-abc-uc.a.run.app"
    error_message = "nobody is told where senders post"
  }
  assert {
    condition     = google_cloudfunctions2_function.this["sis_webhook"].service_config[0].max_instance_count == 4
    error_message = "a storm of deliveries is not bounded"
  }

  # Who may do what

  assert {
    condition = { for name, each in google_pubsub_topic_iam_member.publishes : name => each.member } == {
      "enroll/enrollment-dead-letters"      = "serviceAccount:enroll@school-demo.iam.gserviceaccount.com"
      "form_intake/enrollment-dead-letters" = "serviceAccount:form-intake@school-demo.iam.gserviceaccount.com"
      "form_intake/enrollment-requests"     = "serviceAccount:form-intake@school-demo.iam.gserviceaccount.com"
      "sis_webhook/enrollment-dead-letters" = "serviceAccount:sis-webhook@school-demo.iam.gserviceaccount.com"
      "sis_webhook/enrollment-requests"     = "serviceAccount:sis-webhook@school-demo.iam.gserviceaccount.com"
      "wake/enrollment-dead-letters"        = "serviceAccount:wake@school-demo.iam.gserviceaccount.com"
      "wake/enrollment-requests"            = "serviceAccount:wake@school-demo.iam.gserviceaccount.com"
      "wake/form-notifications"             = "serviceAccount:wake@school-demo.iam.gserviceaccount.com"
    }
    error_message = "the intake cannot publish what it accepts, or another gained a topic with it"
  }
  assert {
    condition     = google_service_account_iam_member.enroll_signs.member == "serviceAccount:enroll@school-demo.iam.gserviceaccount.com"
    error_message = "another than enroll signs for the administrator"
  }
  assert {
    condition = { for name, each in google_secret_manager_secret_iam_member.reads_source_secrets : name => "${each.secret_id} ${each.role} ${each.member}" } == {
      "form_intake/sis-current" = "sis-current roles/secretmanager.secretAccessor serviceAccount:form-intake@school-demo.iam.gserviceaccount.com"
      "form_intake/sis-old"     = "sis-old roles/secretmanager.secretAccessor serviceAccount:form-intake@school-demo.iam.gserviceaccount.com"
      "sis_webhook/sis-current" = "sis-current roles/secretmanager.secretAccessor serviceAccount:sis-webhook@school-demo.iam.gserviceaccount.com"
      "sis_webhook/sis-old"     = "sis-old roles/secretmanager.secretAccessor serviceAccount:sis-webhook@school-demo.iam.gserviceaccount.com"
    }
    error_message = "the senders' secrets are read by others than the intake, or not by it"
  }
  assert {
    condition     = keys(google_secret_manager_secret_iam_member.reads_sources) == ["enroll", "form_intake", "sis_webhook"]
    error_message = "what the school has declared is read where it is not used, or not where it is"
  }
  assert {
    condition     = keys(google_secret_manager_secret_iam_member.reads_pseudonym_key) == ["collect", "enroll", "form_intake", "sis_webhook"]
    error_message = "the pseudonym key is not read by those who make pseudonyms"
  }

  # The functions

  assert {
    condition = { for name, each in google_cloudfunctions2_function.this : name => [for s in each.service_config[0].secret_environment_variables : "${s.key}=${s.secret}:${s.version}"] } == {
      collect     = ["PSEUDONYM_KEY=enrollment-pseudonym-key:1"]
      enroll      = ["PSEUDONYM_KEY=enrollment-pseudonym-key:1"]
      form_intake = ["PSEUDONYM_KEY=enrollment-pseudonym-key:1"]
      sis_webhook = ["PSEUDONYM_KEY=enrollment-pseudonym-key:1"]
      wake        = []
    }
    error_message = "the intake makes other ids than the rest, or a secret stands in an environment"
  }
  assert {
    condition = { for name, each in google_cloudfunctions2_function.this : name => [for v in each.service_config[0].secret_volumes : "${v.mount_path}/${v.versions[0].path}"] } == {
      collect     = []
      enroll      = ["/etc/enrollment/sources.toml"]
      form_intake = ["/etc/enrollment/sources.toml"]
      sis_webhook = ["/etc/enrollment/sources.toml"]
      wake        = []
    }
    error_message = "sources.toml is not where it is read"
  }
  assert {
    condition = google_cloudfunctions2_function.this["sis_webhook"].service_config[0].environment_variables == tomap({
      ENROLLMENT_DEAD_LETTERS_TOPIC = "enrollment-dead-letters"
      ENROLLMENT_REQUESTS_TOPIC     = "enrollment-requests"
      ENROLLMENT_STORE              = "firestore"
      FIRESTORE_DATABASE            = "enrollment"
      GOOGLE_CLOUD_PROJECT          = "school-demo"
      SOURCES_FILE                  = "/etc/enrollment/sources.toml"
      THREADS                       = "32"
    })
    error_message = "the intake's environment is another than it needs, or tells of Classroom"
  }

  # Google Forms

  assert {
    condition = (
      google_pubsub_topic_iam_member.forms_notify[0].topic == google_pubsub_topic.this["form-notifications"].name &&
      google_pubsub_topic_iam_member.forms_notify[0].role == "roles/pubsub.publisher" &&
      google_pubsub_topic_iam_member.forms_notify[0].member == "serviceAccount:forms-notifications@system.gserviceaccount.com"
    )
    error_message = "Google Forms cannot tell that a form was answered"
  }
  assert {
    condition = (
      google_pubsub_subscription.this["form-notifications-form_intake"].topic == google_pubsub_topic.this["form-notifications"].id &&
      google_pubsub_subscription.this["form-notifications-form_intake"].push_config[0].push_endpoint == output.function_uris["form_intake"] &&
      google_pubsub_subscription.this["form-notifications-form_intake"].push_config[0].oidc_token[0].audience == "form-notifications" &&
      google_pubsub_subscription.this["form-notifications-form_intake"].push_config[0].oidc_token[0].service_account_email == google_cloudfunctions2_function.this["form_intake"].service_config[0].environment_variables["FORM_NOTIFICATIONS_CALLER"]
    )
    error_message = "notifications go elsewhere, or form_intake does not know whom it may believe"
  }
  assert {
    condition = (
      google_service_account_iam_member.form_intake_reads[0].service_account_id == google_service_account.forms_reader[0].name &&
      google_service_account_iam_member.form_intake_reads[0].role == "roles/iam.serviceAccountTokenCreator" &&
      google_service_account_iam_member.form_intake_reads[0].member == "serviceAccount:form-intake@school-demo.iam.gserviceaccount.com"
    )
    error_message = "form_intake cannot read the forms, or another can"
  }
  assert {
    condition = google_cloudfunctions2_function.this["form_intake"].service_config[0].environment_variables == tomap({
      ENROLLMENT_DEAD_LETTERS_TOPIC = "enrollment-dead-letters"
      ENROLLMENT_REQUESTS_TOPIC     = "enrollment-requests"
      ENROLLMENT_STORE              = "firestore"
      FIRESTORE_DATABASE            = "enrollment"
      FORMS_READER                  = "reader@school-demo.iam.gserviceaccount.com"
      FORM_NOTIFICATIONS_CALLER     = "push@school-demo.iam.gserviceaccount.com"
      FORM_NOTIFICATIONS_TOPIC      = "form-notifications"
      GOOGLE_CLOUD_PROJECT          = "school-demo"
      SOURCES_FILE                  = "/etc/enrollment/sources.toml"
      THREADS                       = "16"
    })
    error_message = "the forms' environment is another than they need, or tells of Classroom"
  }
  assert {
    condition     = lookup(google_cloudfunctions2_function.this["wake"].service_config[0].environment_variables, "FORM_NOTIFICATIONS_TOPIC", "") == "form-notifications"
    error_message = "nobody looks for a notification that was lost"
  }
  assert {
    condition     = contains(keys(google_project_service.this), "forms.googleapis.com")
    error_message = "the API of Google Forms is not switched on"
  }
  assert {
    condition     = output.forms_reader == "reader@school-demo.iam.gserviceaccount.com" && output.forms_delegation_client_id == "998877665544332211000"
    error_message = "nobody is told whom to share a form with"
  }
}
