# What the deployment is written for.
terraform {
  required_version = ">= 1.9" # validations that look at another variable

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.46, < 9.0" # the schemas of 7.46.1 and 8.7.0 were compared
    }
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
}
