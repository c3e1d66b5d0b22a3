# What is called by the clock.
resource "google_service_account" "scheduler" {
  account_id   = "enrollment-scheduler"
  display_name = "Cloud Scheduler, when it calls"
  depends_on   = [google_project_service.this]
}

resource "google_cloud_scheduler_job" "this" {
  for_each = local.topology.schedules

  name             = "enrollment-${each.key}"
  region           = var.region
  schedule         = each.value.cron
  time_zone        = "Etc/UTC"
  attempt_deadline = "${local.topology.functions[each.value.function].timeout_s}s"

  retry_config {
    retry_count = 0 # the next call comes anyway, and two at once would only meet each other
  }

  http_target {
    http_method = "POST"
    uri         = local.uris[each.value.function]

    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = local.uris[each.value.function]
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
