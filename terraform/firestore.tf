# The ledger. What is asked is indexed, and nothing else: an index on a time that only grows limits
# a collection to 500 writes a second, and every index is paid for with each write.
resource "google_firestore_database" "this" {
  name                              = var.firestore_database
  location_id                       = coalesce(var.firestore_location, var.region)
  type                              = "FIRESTORE_NATIVE"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  deletion_policy                   = "ABANDON" # destroy leaves it: it says who has been enrolled
  depends_on                        = [google_project_service.this]
}

# Every field that has no word of its own below.
resource "google_firestore_field" "rest" {
  for_each = local.topology.collections

  database   = google_firestore_database.this.name
  collection = each.key
  field      = "*"
  index_config {}
}

resource "google_firestore_field" "indexed" {
  for_each = merge([
    for collection, each in local.topology.collections : {
      for field in each.indexed : "${collection}.${field}" => { collection = collection, field = field }
    }
  ]...)

  database   = google_firestore_database.this.name
  collection = each.value.collection
  field      = each.value.field

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }
}

# Firestore removes what has expired, typically within a day; the code looks at the time as well.
resource "google_firestore_field" "expiry" {
  for_each = local.topology.collections

  database   = google_firestore_database.this.name
  collection = each.key
  field      = "expire_at"
  ttl_config {}
  index_config {}
}

resource "google_firestore_index" "this" {
  for_each = merge([
    for collection, each in local.topology.collections : {
      for fields in each.together : join(".", concat([collection], fields)) => { collection = collection, fields = fields }
    }
  ]...)

  database   = google_firestore_database.this.name
  collection = each.value.collection

  dynamic "fields" {
    for_each = each.value.fields

    content {
      field_path = fields.value
      order      = "ASCENDING"
    }
  }
}
