"""The demonstration region and the data that Bekwaam is measured on: invented, repeatable, and true to the rules.

The same seed on the same day yields the same rows: every random choice and every key comes from one seed, and nothing
happens after the evening before the day of loading. Each history is simulated step by step as a trainee would make it,
so that audit chains, current standings and the evidence of decisions follow from it as they do in daily use.

Size S is the region for show: eleven organisations in one alliance and 60 trainees in all seven programmes, among them
the fixed sign-ins. Sizes M and L hold that region and, beside it, what performance is measured on: cohorts of exactly
50 trainees in a draft programme of exactly 20 EPAs made for the purpose (no programme that ships has 20). 1,000
trainees in 20 cohorts make M, 20,000 in 400 cohorts over 100 organisations make L. A page of 1,000 trainees cannot
come from cohorts of 50, so one more cohort holds 1,000 further trainees with 20 EPAs each and a shorter history; its
trainees, activities, assessments and decisions come on top of the numbers above.
"""
