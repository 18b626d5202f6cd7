-- Macros that views build on, and those an analyst calls. Days count by our first reading.

-- Folded words of a text, joined by single spaces: spellings that readers take for one word become one. Generated
-- from the fold table that hashing and matching use; for comparing, never for showing.
create or replace macro ar_fold(text) as
trim(regexp_replace(
    translate(
        regexp_replace(
            -- Of a literal both branches are computed, so the dear one is given nothing where it is not taken.
            case
                when regexp_matches(text, '[$ligatures]') then array_to_string(
                    list_transform(
                        regexp_extract_all(if(regexp_matches(text, '[$ligatures]'), text, ''), '(?s).'),
                        lambda c: coalesce(map($ligature_keys, $ligature_values)[c], c)
                    ),
                    ''
                )
                else text
            end,
            '[$deleted]', '', 'g'
        ),
        '$translated_from', '$translated_to'
    ),
    '[^$kept]+', ' ', 'g'
), ' ');

-- Lower end of the 95 % interval (Wilson 1927) of a share of `part` in `n`; null where n is 0.
create or replace macro wilson_low(part, n) as
case when n > 0 then greatest(0, (
    least(part, n) / n + 1.9208 / n
    - 1.96 * sqrt(least(part, n) / n * (1 - least(part, n) / n) / n + 0.9604 / n / n)
) / (1 + 3.8416 / n)) end;

-- Upper end of the 95 % interval (Wilson 1927) of a share of `part` in `n`; null where n is 0.
create or replace macro wilson_high(part, n) as
case when n > 0 then least(1, (
    least(part, n) / n + 1.9208 / n
    + 1.96 * sqrt(least(part, n) / n * (1 - least(part, n) / n) / n + 0.9604 / n / n)
) / (1 + 3.8416 / n)) end;
