using System.Net;
using System.Net.Http.Headers;

namespace Millrace.Chaos.Load;

/// <summary>
/// Posts the events of one source, each until it is acknowledged and to another consumer after each failure. One request at a time for each
/// worker, and a user belongs to one worker, so the first copies of a user's events are in order.
/// </summary>
internal sealed class HttpLoad : IAsyncDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly HttpClient _http = new() { Timeout = RequestLimit };
    private readonly IReadOnlyList<Uri> _addresses;
    private readonly Source _source;
    private readonly Action<string> _remark;
    private readonly Task _sending;

    private HttpLoad(IReadOnlyList<Uri> addresses, Source source, int perSecond, Action<string> remark)
    {
        _addresses = addresses;
        _source = source;
        _remark = remark;
        _sending = Task.Run(() => SendAsync(perSecond));
    }

    public static HttpLoad Start(IReadOnlyList<Uri> addresses, Source source, int perSecond, Action<string> remark) =>
        new(addresses, source, perSecond, remark);

    /// <summary>Begins no more events, and waits until those under way are acknowledged.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        await _stop.CancelAsync();
        _giveUp.CancelAfter(limit);
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _giveUp.CancelAsync();
        await _sending;
        _http.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private async Task SendAsync(int perSecond)
    {
        // Users are numbered by the event's number, so as many requests as there are users may be under way: one of each.
        var underWay = new Task[_source.Users];
        Array.Fill(underWay, Task.CompletedTask);
        await Pace.RunAsync(perSecond, Tick, () =>
        {
            var user = (int)(_source.Sent % _source.Users);
            if (!underWay[user].IsCompleted)
                return false;
            underWay[user] = PostUntilAcknowledgedAsync(_source.Next());
            return true;
        }, _stop.Token);
        await Task.WhenAll(underWay);
    }

    private async Task PostUntilAcknowledgedAsync(long number)
    {
        var body = _source.ValueOf(number);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                if (await PostAsync(_addresses[(int)((number + attempt) % _addresses.Count)], body))
                {
                    _source.Acknowledge(number);
                    return;
                }

                await Task.Delay(Pause, _giveUp.Token);
            }
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            _remark($"source {_source.Index}: event {number} was given up over HTTP, which promises nothing");
        }
    }

    private async Task<bool> PostAsync(Uri address, byte[] body)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _http.PostAsync(address, content, _giveUp.Token);
            if (answer.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests)
                throw new ChaosFailedException($"Ingest refused a good event with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(_giveUp.Token)}");
            return answer.StatusCode == HttpStatusCode.Accepted;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !_giveUp.IsCancellationRequested))
        {
            return false; // No answer: whether it was stored is not known, so the same event is sent again.
        }
    }
}
