using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// Fetch, versions 4 to 17 (13 on names topics by id).
/// <para>As Kafka: whole batches from the one that holds the offset on; the first one comes even if it is larger than what was
/// asked for; an error, or enough bytes, ends the wait at once; an empty answer has empty records, never null.</para>
/// <para>Not as Kafka: no fetch sessions. Session id 0 says so, and clients then send every partition each time, and
/// are answered every partition. Only what is on disk is given.</para>
/// <para>Who reads only what is committed gets nothing from the first open transaction on, and the list of aborted ones whose records to
/// leave out. A batch that rots on disk gets CORRUPT_MESSAGE: it reaches nobody.</para>
/// </summary>
internal sealed class FetchApi(BrokerServices services) : Api<FetchRequest, FetchResponse>(minVersion: 4, maxVersion: 17)
{
    private const short TopicsById = 13;

    /// <summary>The envelope of a partition in the answer, at the most.</summary>
    private const int PartitionOverhead = 128;

    protected override async ValueTask<FetchResponse?> HandleAsync(FetchRequest request, RequestContext context)
    {
        // 0 asks for a session, -1 for none. Anything else continues one, and none was given.
        if (request.SessionEpoch > 0)
            return new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound };

        var held = new FetchBuffers();
        context.HeldByResponse = held;
        var plan = new FetchPlan(services.Topics, request, context.Version >= TopicsById);
        var response = await ReadWhenThereIsEnoughAsync(plan, request, held, context).ConfigureAwait(false);
        services.Metrics.Fetched(held.TotalBytes);
        return response;
    }

    protected override int AnswerSize(FetchResponse response)
    {
        var size = PartitionOverhead;
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.Partitions)
                size += PartitionOverhead + partition.Records!.Value.Length;
        }

        return size;
    }

    /// <summary>Reads; as long as that gives neither an error nor as much as was asked for, waits for more and reads again.</summary>
    private async ValueTask<FetchResponse> ReadWhenThereIsEnoughAsync(
        FetchPlan plan, FetchRequest request, FetchBuffers held, RequestContext context)
    {
        var time = services.Settings.Time;
        var started = time.GetTimestamp();
        var maxBytes = Math.Min(request.MaxBytes, services.Settings.MaxFetchBytes);
        while (true)
        {
            // Once as it is read, once in the answer.
            await context.Memory.GrowToAsync(2 * plan.EstimateBytes(maxBytes), context.Ending).ConfigureAwait(false);
            var response = plan.Read(held, maxBytes);
            var left = TimeSpan.FromMilliseconds(request.MaxWaitMs) - time.GetElapsedTime(started);
            if (plan.HasErrors || held.TotalBytes >= request.MinBytes || left <= TimeSpan.Zero || context.Ending.IsCancellationRequested)
                return response;

            var waiter = new FetchWaiter(request.MinBytes - held.TotalBytes);
            held.Dispose();
            await WaitAsync(plan, waiter, left, context.Ending).ConfigureAwait(false);
        }
    }

    private async ValueTask WaitAsync(FetchPlan plan, FetchWaiter waiter, TimeSpan limit, CancellationToken ending)
    {
        plan.Watch(waiter);
        try
        {
            // What came between the look and the watch woke nobody.
            if (!plan.HasChanged)
                await waiter.Woken.WaitAsync(limit, services.Settings.Time, ending).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Time is up, or the broker stops: the answer is what there is.
        }
        finally
        {
            plan.Unwatch(waiter);
        }
    }
}
