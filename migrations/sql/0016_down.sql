DROP TABLE paid_cost;
DROP TABLE agreed_cost;
DROP TABLE mileage_rate;
DROP TABLE welfare_receipt;
DROP TABLE welfare_spending;
DROP TABLE welfare_grant;
DROP TABLE welfare_plan;
