-- Which events go to an endpoint by members of their data: {member: [value, …]}; null lets every event through.
ALTER TABLE endpoints ADD COLUMN filter jsonb;
