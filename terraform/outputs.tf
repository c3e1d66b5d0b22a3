output "delegation_client_id" {
  description = "Admin console, Security, API controls, Domain-wide delegation: the client id."
  value       = google_service_account.delegate.unique_id
}

output "delegation_scope" {
  description = "The one scope to enter beside the client id."
  value       = "https://www.googleapis.com/auth/classroom.rosters"
}

output "forms_reader" {
  description = "Share each Google Form with this address; null where nothing is declared."
  value       = one(google_service_account.forms_reader[*].email)
}

output "forms_delegation_client_id" {
  description = "Only if a form has an `owner`: the client id for domain-wide delegation."
  value       = one(google_service_account.forms_reader[*].unique_id)
}

output "forms_delegation_scopes" {
  description = "The scopes to enter beside that client id, and no others."
  value       = "https://www.googleapis.com/auth/forms.body.readonly,https://www.googleapis.com/auth/forms.responses.readonly"
}

output "function_uris" {
  description = "Where each function answers."
  value       = local.uris
}

output "topics" {
  description = "The topics by what they are for; producers publish to `requests`."
  value = {
    requests     = google_pubsub_topic.this[local.requests_topic].id
    dead_letters = google_pubsub_topic.this[local.dead_letters_topic].id
  }
}

output "exports" {
  description = "For the operator's shell: eval \"$(terraform output -raw exports)\"; PSEUDONYM_KEY is not among them."
  value = join("\n", [
    for name, value in merge(
      { for each in local.told_to_operator : each => merge(local.environment, local.quota_environment)[each] },
      { for each in ["CLASSROOM_ADMIN", "CLASSROOM_DELEGATE"] : each => local.own_environment.enroll[each] },
    ) : "export ${name}='${value}'"
  ])
}
