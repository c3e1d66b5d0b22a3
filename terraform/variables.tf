variable "project_id" {
  description = "The project that holds everything; its Classroom API is the one that is called."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is no project id: 6 to 30 small letters, digits and hyphens."
  }
}

variable "region" {
  description = "Where the functions run and their sources are kept."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is no region: write it like us-central1."
  }
}

variable "firestore_location" {
  description = "Where the ledger is kept, for ever: it cannot be moved. Without it, beside the functions."
  type        = string
  default     = null
}

variable "firestore_database" {
  description = "The database of the ledger, one of its own."
  type        = string
  default     = "enrollment"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore_database))
    error_message = "firestore_database needs a name of its own: 4 to 63 small letters, digits and hyphens."
  }
}

variable "classroom_admin" {
  description = "The domain administrator whom the delegation acts as; the part behind the @ is the first own domain."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.classroom_admin))
    error_message = "classroom_admin is no e-mail address."
  }
}

variable "classroom_quota_per_minute" {
  description = "Calls a minute that Google grants to the administrator."
  type        = number
  default     = 1200

  validation {
    # 7 calls a minute are the least that an instance can work with (LEAST_SHARE in settings.py).
    condition     = floor((var.classroom_quota_per_minute - var.classroom_quota_reserve) / var.enroll_instances) >= 7
    error_message = "classroom_quota_per_minute leaves an instance fewer than 7 calls a minute: ask for more, or lower classroom_quota_reserve or enroll_instances."
  }
}

variable "classroom_quota_reserve" {
  description = "Calls a minute that are left to people: the desk and `enrollment doctor`."
  type        = number
  default     = 60

  validation {
    condition     = var.classroom_quota_reserve >= 0
    error_message = "classroom_quota_reserve cannot be below 0."
  }
}

variable "enroll_instances" {
  description = "The most instances of enroll; they share the quota evenly, and one can use all of it."
  type        = number
  default     = 1

  validation {
    condition     = var.enroll_instances >= 1 && floor(var.enroll_instances) == var.enroll_instances
    error_message = "enroll_instances is a whole number from 1."
  }
}

variable "pseudonym_key_version" {
  description = "The version of the secret enrollment-pseudonym-key. Never latest: another key makes every request a new one."
  type        = string
  default     = "1"

  validation {
    condition     = can(regex("^[1-9][0-9]*$", var.pseudonym_key_version))
    error_message = "pseudonym_key_version is the number of a version; latest would change the key unasked."
  }
}

variable "sources_file" {
  description = "The school's sources.toml. Without it, the administrator's domain is the only own one, nobody is invited, and no intake is deployed."
  type        = string
  default     = null

  validation {
    condition     = var.sources_file == null ? true : fileexists(var.sources_file)
    error_message = "sources_file: there is no such file."
  }
}

variable "source_secrets" {
  description = "The secrets of Secret Manager that sources.toml names as secret://NAME, under verify and lookup. They must exist; the intakes are granted to read them."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.source_secrets : can(regex("^[A-Za-z0-9_-]{1,255}$", each))])
    error_message = "source_secrets are ids of secrets: letters, digits, _ and -, without secret://."
  }
  validation {
    condition     = length(var.source_secrets) == 0 || var.sources_file != null
    error_message = "source_secrets are read by nobody without sources_file: without it, no intake is deployed."
  }
  validation {
    condition     = length(setsubtract(local.named_secrets, var.source_secrets)) == 0
    error_message = "source_secrets lacks what sources_file names as secret://NAME, and nobody would be granted to read it: ${join(", ", setsubtract(local.named_secrets, var.source_secrets))}."
  }
}

variable "archives" {
  description = "The folder of what infra/package has built."
  type        = string
  default     = "../.build"
}
