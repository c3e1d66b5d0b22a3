# What is refused before anything is made. Run infra/package first, or say -var archives=FOLDER.
mock_provider "google" {}

variables {
  project_id      = "school-demo"
  classroom_admin = "admin@school.example"
}

run "no_project_id" {
  command = plan
  variables { project_id = "School Demo" }
  expect_failures = [var.project_id]
}

run "no_region" {
  command = plan
  variables { region = "us-central1-a" }
  expect_failures = [var.region]
}

run "the_default_database" {
  command = plan
  variables { firestore_database = "(default)" }
  expect_failures = [var.firestore_database]
}

run "no_address" {
  command = plan
  variables { classroom_admin = "admin" }
  expect_failures = [var.classroom_admin]
}

run "a_quota_that_leaves_nothing" {
  command = plan
  variables { classroom_quota_per_minute = 66 }
  expect_failures = [var.classroom_quota_per_minute]
}

run "more_instances_than_the_quota_feeds" {
  command = plan
  variables { enroll_instances = 163 }
  expect_failures = [var.classroom_quota_per_minute]
}

run "as_many_instances_as_the_quota_feeds" {
  command = plan
  variables { enroll_instances = 162 }
}

run "half_an_instance" {
  command = plan
  variables { enroll_instances = 1.5 }
  expect_failures = [var.enroll_instances]
}

run "a_negative_reserve" {
  command = plan
  variables { classroom_quota_reserve = -1 }
  expect_failures = [var.classroom_quota_reserve]
}

run "a_key_that_moves" {
  command = plan
  variables { pseudonym_key_version = "latest" }
  expect_failures = [var.pseudonym_key_version]
}

run "no_sources" {
  command = plan
  variables { sources_file = "no-such-file.toml" }
  expect_failures = [var.sources_file]
}

run "a_secret_by_its_reference" {
  command = plan
  variables {
    sources_file   = "versions.tf" # any file will do here
    source_secrets = ["secret://sis-current"]
  }
  expect_failures = [var.source_secrets]
}

run "a_secret_that_nobody_reads" {
  command = plan
  variables { source_secrets = ["sis-current"] }
  expect_failures = [var.source_secrets]
}

run "a_secret_that_nobody_may_read" {
  command = plan
  variables {
    sources_file   = "tests/sources.toml"
    source_secrets = ["sis-current"]
  }
  expect_failures = [var.source_secrets]
}

run "every_secret_that_is_named" {
  command = plan
  variables {
    sources_file   = "tests/sources.toml"
    source_secrets = ["sis-current", "sis-next", "for-later"]
  }
}

run "no_archives" {
  command = plan
  variables { archives = "no-such-folder" }
  expect_failures = [google_storage_bucket_object.source]
}

run "the_schools_own_sources" {
  command = plan
  variables { sources_file = "versions.tf" } # any file will do here

  assert {
    condition     = google_cloudfunctions2_function.this["enroll"].service_config[0].environment_variables["SOURCES_FILE"] == "/etc/enrollment/sources.toml"
    error_message = "enroll does not find what the school has declared"
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this["enroll"].service_config[0].secret_volumes[0].mount_path == "/etc/enrollment" &&
      google_cloudfunctions2_function.this["enroll"].service_config[0].secret_volumes[0].versions[0].path == "sources.toml"
    )
    error_message = "what the school has declared is not where SOURCES_FILE says"
  }
  assert {
    condition     = alltrue([for name in ["collect", "wake"] : length(google_cloudfunctions2_function.this[name].service_config[0].secret_volumes) == 0])
    error_message = "sources.toml is mounted where it is not read"
  }
}
