-- Inserts what is staged when the server has refused some of it: in blocks of 16 offsets, and row by row where a block is refused. The
-- rows are here already, so finding one costs no round trips; at one bad row in a hundred, halving larger blocks was dearer.
-- A row that is refused by a rule of the table (class 23, P0001) holds up the later rows of its user: they come back in behind_offsets.
-- The staging table belongs to the session; it has an index on kafka_offset by now.
CREATE FUNCTION pipeline.insert_staged(
    OUT inserted int, OUT refused_offsets bigint[], OUT states text[], OUT messages text[], OUT behind_offsets bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    block  constant bigint := 16;
    held   text[] := '{}';
    below  bigint;
    upto   bigint;
    stop   bigint;
    ends   bigint[];
    added  int;
    usr    text;
BEGIN
    inserted := 0;
    refused_offsets := '{}';
    states := '{}';
    messages := '{}';
    behind_offsets := '{}';
    SELECT min(kafka_offset), max(kafka_offset) + 1 INTO below, stop FROM pg_temp.millrace_staging;
    WHILE below < stop LOOP
        -- The log may have gaps of any width.
        SELECT min(kafka_offset) INTO below FROM pg_temp.millrace_staging WHERE kafka_offset >= below;
        ends := ARRAY[least(below + block, stop)];
        WHILE cardinality(ends) > 0 LOOP
            upto := ends[cardinality(ends)];
            BEGIN
                INSERT INTO pipeline.events
                    (event_id, event_type, user_id, occurred_at, schema_version, correlation_id, payload, kafka_partition, kafka_offset)
                SELECT event_id, event_type, user_id, occurred_at, schema_version, correlation_id, payload, kafka_partition, kafka_offset
                  FROM pg_temp.millrace_staging
                 WHERE kafka_offset >= below AND kafka_offset < upto AND (user_id IS NULL OR user_id <> ALL (held))
                 ORDER BY event_id, kafka_offset
                ON CONFLICT (event_id) DO NOTHING;
                GET DIAGNOSTICS added = ROW_COUNT;
                inserted := inserted + added;
                below := upto;
                ends := ends[:cardinality(ends) - 1];
            EXCEPTION WHEN data_exception OR integrity_constraint_violation OR cardinality_violation OR raise_exception THEN
                IF upto - below > 1 THEN
                    ends := ends || ARRAY(SELECT generate_series(upto - 1, below + 1, -1));
                ELSE
                    refused_offsets := refused_offsets || below;
                    states := states || SQLSTATE;
                    messages := messages || SQLERRM;
                    IF SQLSTATE LIKE '23%' OR SQLSTATE = 'P0001' THEN
                        SELECT user_id INTO usr FROM pg_temp.millrace_staging WHERE kafka_offset = below;
                        IF usr IS NOT NULL THEN
                            held := held || usr;
                            behind_offsets := behind_offsets || ARRAY(
                                SELECT kafka_offset FROM pg_temp.millrace_staging WHERE user_id = usr AND kafka_offset > below ORDER BY kafka_offset);
                        END IF;
                    END IF;
                    below := upto;
                    ends := ends[:cardinality(ends) - 1];
                END IF;
            END;
        END LOOP;
    END LOOP;
END
$$;
