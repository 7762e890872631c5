import type { StorageLensErrorCode } from "../ErrorCode.ts";
import type { Explanation } from "../Explanation.ts";
import { documented } from "../Explanation.ts";

const lens = documented(["storage-lens", "control"]);
const lensGroup = documented(["storage-lens-group", "control"]);

/** Storage Lens, of the S3 Control API. */
export const storageLensExplanations: Readonly<Record<StorageLensErrorCode, Explanation>> = {
  AccountNotAuthorized: lens(
    "The account may not manage a Storage Lens dashboard for the whole organisation.",
    "Use the management account or a delegated administrator.",
  ),
  ActivityMetricsMustEnabled: lens(
    "A Storage Lens setting needs activity metrics, and they are off.",
    "Switch activity metrics on.",
  ),
  AWSOrganizationsNotInUseException: lens(
    "A dashboard for an organisation was asked for by an account that is in none.",
    "Leave the organisation out.",
  ),
  ConfigurationAlreadyExists: lensGroup("A Storage Lens group of this name exists.", "Choose another name, or change the group."),
  DefaultConfigurationDeleteForbidden: lens("The default Storage Lens dashboard cannot be deleted.", "Disable it instead."),
  DuplicateElement: lensGroup("A Storage Lens group's filter has the same element twice.", "Name each once."),
  DuplicateStorageLensGroupARN: lens("A Storage Lens configuration names the same group twice.", "Name each group once."),
  EmptyExcludeContainer: lens("Exclude is there and contains nothing.", "Leave Exclude out, or fill it."),
  EmptyExcludeElement: lens("Exclude contains an empty bucket or region.", "Fill or remove it."),
  EmptyIncludeContainer: lens("Include is there and contains nothing.", "Leave Include out, or fill it."),
  EmptyIncludeElement: lens("Include contains an empty bucket or region.", "Fill or remove it."),
  InvalidAge: lensGroup("A Storage Lens group's bound for the age of objects is not valid.", "Give a whole number of days."),
  InvalidAWSOrgArn: lens("The ARN of the organisation cannot be read.", "Take it from AWS Organizations."),
  InvalidBucketFilter: lens("A Storage Lens bucket filter cannot be used.", "Name existing buckets by ARN."),
  InvalidConfigId: lens(
    "The id of a Storage Lens dashboard is too long or has characters that are not allowed.",
    "Use letters, digits, hyphens, underscores and dots.",
  ),
  InvalidDestination: lens(
    "The Storage Lens export cannot be written to the destination named.",
    "Name a bucket in a region of yours that the service may write to.",
  ),
  InvalidEncryptionMethod: lens(
    "The Storage Lens export's encryption is neither of the two that exist.",
    "Choose SSE-S3 or SSE-KMS.",
  ),
  InvalidFilter: lensGroup("A Storage Lens group's filter cannot be used.", "Give at least one condition, joined by And or Or."),
  InvalidFilterForDefaultConfiguration: lens(
    "The default Storage Lens dashboard takes no filter.",
    "Leave it out, or make another dashboard.",
  ),
  InvalidIncludeExcludeContainers: lens("A Storage Lens configuration has Include and Exclude.", "Keep one of them."),
  InvalidIncludeExcludeElements: lens(
    "The elements in Include or Exclude do not go together.",
    "Name buckets or regions that do not contradict each other.",
  ),
  InvalidKMSEncryptionKeyId: lens("The KMS key for a Storage Lens export cannot be used.", "Name it by its full ARN."),
  InvalidLogicalOperator: lensGroup(
    "And or Or in a Storage Lens group has fewer than two conditions, or is nested.",
    "Give two or more, on one level.",
  ),
  InvalidMatchAnyPrefix: lensGroup("A Storage Lens group's list of prefixes is empty or too long.", "Give between one and ten."),
  InvalidMatchAnySuffix: lensGroup("A Storage Lens group's list of suffixes is empty or too long.", "Give between one and ten."),
  InvalidMatchAnyTag: lensGroup("A Storage Lens group's list of tags is empty or too long.", "Give between one and ten."),
  InvalidMatchObjectAge: lensGroup(
    "A Storage Lens group's range of ages is empty or reversed.",
    "Let DaysGreaterThan be below DaysLessThan.",
  ),
  InvalidMatchObjectSize: lensGroup(
    "A Storage Lens group's range of sizes is empty or reversed.",
    "Let BytesGreaterThan be below BytesLessThan.",
  ),
  InvalidMaximumPrefixDepth: lens("Storage Lens: the depth of prefixes is out of range.", "Choose between 1 and 10."),
  InvalidMinimumStorageBytesPercentage: lens(
    "Storage Lens: the smallest share of storage is out of range.",
    "Choose between 0.1 and 100.",
  ),
  InvalidName: lensGroup(
    "The name of a Storage Lens group is too long or has characters that are not allowed.",
    "Use letters, digits, hyphens and underscores.",
  ),
  InvalidNumericCombination: lensGroup("Two bounds in a Storage Lens group contradict each other.", "Correct one of them."),
  InvalidOrganizationARN: lens("The organisation named is not the caller's.", "Name your own."),
  InvalidOrganizationForDefaultConfiguration: lens(
    "The default Storage Lens dashboard takes no organisation.",
    "Leave it out, or make another dashboard.",
  ),
  InvalidRegionForDefaultConfiguration: lens(
    "The default Storage Lens dashboard cannot be changed from this region.",
    "Ask in its home region.",
  ),
  InvalidRegionName: lens("A Storage Lens filter names a region that does not exist.", "Spell it as S3 does."),
  InvalidSize: lensGroup("A Storage Lens group's bound for the size of objects is not valid.", "Give a whole number of bytes."),
  InvalidStorageLensArn: lens("The ARN of a Storage Lens dashboard cannot be read.", "Take it from the dashboard's list."),
  InvalidStorageLensGroupARN: lens("The ARN of a Storage Lens group cannot be read.", "Take it from the group's list."),
  InvalidSuffix: lensGroup("A suffix in a Storage Lens group is not acceptable.", "Use a shorter one of plain characters."),
  MismatchedName: lensGroup("The name in a Storage Lens group's document is not the one in the path.", "Write the same in both."),
  MissingAccountLevelActivityMetrics: lens(
    "Storage Lens activity metrics are on for buckets and off for the account.",
    "Switch them on for the account as well.",
  ),
  MissingBucketLevelActivityMetrics: lens(
    "Storage Lens activity metrics are on for the account and off for buckets.",
    "Switch them on for buckets as well.",
  ),
  MissingEncryptionMethod: lens(
    "A Storage Lens export has an encryption element without a method.",
    "Name SSE-S3 or SSE-KMS in it.",
  ),
  MissingPrefixLevelStorageMetrics: lens(
    "Storage Lens: the level of prefixes has no storage metrics.",
    "Add StorageMetrics to it.",
  ),
  OrganizationAccessDenied: lens(
    "The caller may not read the organisation that a Storage Lens dashboard is for.",
    "Allow it in AWS Organizations.",
  ),
  OrgConfigurationNotSupported: lens(
    "The caller may not keep a Storage Lens dashboard for an organisation.",
    "Use the management account or a delegated administrator.",
  ),
  ServiceNotEnabledForOrg: lens(
    "Storage Lens may not read the organisation.",
    "Enable trusted access for it in AWS Organizations.",
  ),
  StorageMetricsMustEnabled: lens(
    "A Storage Lens setting needs storage metrics, and they are off.",
    "Switch storage metrics on.",
  ),
  TooManyConfigurations: lensGroup("The account has as many Storage Lens groups as it may have.", "Delete one."),
  TooManyElements: lensGroup("A Storage Lens group's filter has too many elements.", "Use fewer, or several groups."),
  TooManyRegions: lens("A Storage Lens filter names too many regions.", "Name fewer."),
  TooManyStorageLensGroups: lens("A Storage Lens dashboard names too many groups.", "Name fewer."),
};
