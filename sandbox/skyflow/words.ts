// The words that Detect takes in a request: kinds of entities and forms of tokens. Any other is refused, as the vendor's own
// generated types have it. It must never list a kind that the vendor does not have. https://docs.skyflow.com/api/detect/
export const ENTITY_TYPES = `
account_number age all bank_account blood_type condition corporate_action credit_card credit_card_expiration cvv date
date_interval day dob dose driver_license drug duration effect email_address event filename financial_metric gender
healthcare_number injury ip_address language location location_address location_address_street location_city
location_coordinate location_country location_state location_zip marital_status medical_code medical_process money
month name name_family name_given name_medical_professional numerical_pii occupation organization organization_id
organization_medical_facility origin passport_number password phone_number physical_attribute political_affiliation
product project religion routing_number sexuality ssn statistics time trend url username vehicle_id year zodiac_sign
`
  .trim()
  .split(/\s+/);
export const TOKEN_TYPES = ['entity_only', 'entity_unq_counter', 'vault_token'] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];
