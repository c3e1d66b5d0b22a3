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
