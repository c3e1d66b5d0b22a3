output "delegation_client_id" {
  description = "Admin console, Security, API controls, Domain-wide delegation: the client id."
  value       = google_service_account.delegate.unique_id
}

output "delegation_scope" {
  description = "The one scope to enter beside the client id."
  value       = "https://www.googleapis.com/auth/classroom.rosters"
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
