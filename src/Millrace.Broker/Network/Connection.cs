using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Millrace.Broker.Apis;
using Millrace.Broker.Security;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Network;

/// <summary>
/// One client. Requests are answered one at a time and in their order, as in Kafka, with one liberty: Produce requests that
/// have already arrived begin while the one before them waits for the disk, so that they share its fsync. They reach
/// the log in their order, and are answered in it.
/// </summary>
internal sealed class Connection : IDisposable
{
    /// <summary>librdkafka and the Java client have at most five in flight; more would only hold memory.</summary>
    private const int MaxOverlap = 8;

    private const int SendSize = 1024 * 1024;

    /// <summary>
    /// The largest request that is no Produce. Only that carries records; in the others so many bytes would be some hundred
    /// thousand small objects, and a hundred megabytes of memory.
    /// </summary>
    private const int MaxBytesWithoutRecords = 4 * 1024 * 1024;

    /// <summary>The largest request of somebody who has not logged in: many times what a login takes.</summary>
    private const int MaxBytesBeforeLogin = 64 * 1024;

    private readonly Transport _transport;
    private readonly SaslSession _sasl;
    private readonly TimeSpan _slowLimit;
    private readonly ApiTable _apis;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _memory;
    private readonly BrokerFaults _faults;
    private readonly FrameReader _reader;
    private readonly CancellationTokenSource _ending = new();
    private readonly Queue<RunningRequest> _running = new();
    private readonly EndPoint _client;
    private readonly string _clientHost;
    private long _lastSent;
    private volatile bool _isSending;

    public Connection(Socket socket, BrokerServices services, ApiTable apis, ILogger logger)
    {
        _transport = new Transport(socket, services.Certificate);
        _sasl = new SaslSession(services.Logins);
        _slowLimit = services.Settings.SlowClientTimeout;
        _apis = apis;
        _metrics = services.Metrics;
        _logger = logger;
        _time = services.Settings.Time;
        _memory = services.Memory;
        _faults = services.Faults;
        _reader = new FrameReader(_transport, services.Settings.MaxRequestBytes, services.Memory, _time);
        _client = socket.RemoteEndPoint!;
        _clientHost = "/" + ((IPEndPoint)_client).Address;
        _lastSent = _time.GetTimestamp();
    }

    /// <summary>Serves the client until it goes, misbehaves, or <see cref="End"/> is called. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            await _transport.OpenAsync(_slowLimit, _ending.Token).ConfigureAwait(false);
            await ServeAsync().ConfigureAwait(false);
        }
        catch (WireFormatException e)
        {
            _logger.ConnectionRefusedInput(_client, e.Message);
        }
        catch (Exception e) when (e is IOException or AuthenticationException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            _logger.ConnectionEnded(_client, e.Message);
        }
        finally
        {
            await AbandonAsync().ConfigureAwait(false);
            Dispose();
        }
    }

    /// <summary>Takes no more requests; those that have begun are answered, long polls at once.</summary>
    public void End() => _ending.Cancel();

    /// <summary>Called now and then: ends the connection when its client is dead, stuck or silent for too long.</summary>
    public void CheckHealth(TimeSpan slowLimit, TimeSpan idleLimit)
    {
        var sinceSent = _time.GetElapsedTime(Volatile.Read(ref _lastSent));
        try
        {
            if ((_isSending && sinceSent > slowLimit) || (_reader.IsInsideFrame && _reader.Silence > slowLimit))
                Abort("the client did not send or take data in time.");
            else if (_running.Count == 0 && sinceSent > idleLimit && _reader.Silence > idleLimit)
                Abort("idle.");
            else if (_running.Count > 0 && _transport.IsClosedByClient)
                Abort("the client is gone.");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It ended by itself in this moment.
            _logger.ConnectionEnded(_client, e.Message);
        }
    }

    public void Abort(string reason)
    {
        _logger.ConnectionEnded(_client, reason);
        _ending.Cancel();
        _transport.Dispose();
    }

    public void Dispose()
    {
        _transport.Dispose();
        _reader.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            var frame = await NextFrameAsync().ConfigureAwait(false);
            if (frame is null)
                return;
            if (_sasl.ExpectsBareTokens)
            {
                await AnswerTokenAsync(frame).ConfigureAwait(false);
                continue;
            }

            var request = await BeginAsync(frame).ConfigureAwait(false);
            _running.Enqueue(request);
            if (!request.Api.MayOverlap)
                await FinishAsync(0).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a request, or as long as others are running takes only one that is there already.</summary>
    private async ValueTask<Frame?> NextFrameAsync()
    {
        while (_running.Count > 0)
        {
            if (_running.Count < MaxOverlap && _reader.TryReadBuffered(out var next))
                return next;
            await FinishAsync(_running.Count - 1).ConfigureAwait(false);
        }

        return await _reader.ReadAsync(_ending.Token).ConfigureAwait(false);
    }

    /// <summary>Hands the request to its API. From then on the frame is the API's until its answer is there.</summary>
    private async ValueTask<RunningRequest> BeginAsync(Frame frame)
    {
        try
        {
            var (api, context) = Identify(frame, out var bodyAt);
            if (!api.MayOverlap)
                await FinishAsync(0).ConfigureAwait(false);
            return new RunningRequest(api, context, frame, Stopwatch.GetTimestamp(), Handle(api, context, frame.Bytes[bodyAt..]));
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    /// <exception cref="WireFormatException">No API, or not in this version: the connection is closed, as Kafka does.</exception>
    private (Api Api, RequestContext Context) Identify(Frame frame, out int bodyAt)
    {
        var reader = new WireReader(frame.Bytes);
        var (key, version) = (reader.ReadInt16(), reader.ReadInt16());
        var api = _apis.Find(key);
        // An ApiVersions request in a version that nobody knows yet must be answered; its header is the newest known.
        if (api is null || (!api.Serves(version) && api.Key is not ApiKey.ApiVersions))
            throw new WireFormatException($"API {key} version {version} is not served.");
        if (!_sasl.MayAnything && api.Key is not (ApiKey.ApiVersions or ApiKey.SaslHandshake or ApiKey.SaslAuthenticate))
            throw new WireFormatException($"{api.Key} was asked for without a login.");
        if (!_sasl.MayAnything && frame.Bytes.Length > MaxBytesBeforeLogin)
            throw new WireFormatException($"a request of {frame.Bytes.Length} bytes came before the login.");
        if (api.Key is not ApiKey.Produce && frame.Bytes.Length > MaxBytesWithoutRecords)
            throw new WireFormatException($"a {api.Key} request has {frame.Bytes.Length} bytes; it may have {MaxBytesWithoutRecords}.");

        reader = new WireReader(frame.Bytes);
        var header = new RequestHeader();
        header.Read(ref reader, api.RequestHeaderVersion(version));
        bodyAt = reader.Position;
        return (api, new RequestContext
        {
            Version = version,
            CorrelationId = header.CorrelationId,
            ClientId = header.ClientId ?? "",
            ClientHost = _clientHost,
            Ending = _ending.Token,
            Sasl = _sasl,
            Memory = new MemoryLease(_memory),
        });
    }

    private static Task<PooledBufferWriter?> Handle(Api api, RequestContext context, ReadOnlyMemory<byte> body)
    {
        var reader = new WireReader(body);
        try
        {
            return api.HandleAsync(ref reader, context).AsTask();
        }
        catch (WireFormatException e)
        {
            throw new WireFormatException($"{api.Key} v{context.Version} is malformed: {e.Message}");
        }
    }

    /// <summary>A token of a login in the way of SaslHandshake version 0: no headers, and no word when it fails.</summary>
    private async ValueTask AnswerTokenAsync(Frame frame)
    {
        using (frame)
        {
            if (_sasl.Take(frame.Bytes.Span, out var answer) is not ErrorCode.None)
                throw new WireFormatException("a login failed.");
            var framed = new byte[Framing.SizeLength + answer.Length];
            BinaryPrimitives.WriteInt32BigEndian(framed, answer.Length);
            answer.CopyTo(framed, Framing.SizeLength);
            await SendAsync(framed).ConfigureAwait(false);
        }
    }

    /// <summary>Answers the oldest requests until this many are left.</summary>
    private async ValueTask FinishAsync(int left)
    {
        while (_running.Count > left)
        {
            var request = _running.Peek();
            using var answer = await AnswerOf(request).ConfigureAwait(false);
            _running.Dequeue();
            request.Frame.Dispose();

            using var memory = request.Context.Memory;
            if (_faults.AnswerDelay > TimeSpan.Zero)
                await Task.Delay(_faults.AnswerDelay, _time, _ending.Token).ConfigureAwait(false);
            if (answer is not null)
                await SendAsync(answer.WrittenMemory).ConfigureAwait(false);
            _metrics.Answered(request.Api.Key, Stopwatch.GetElapsedTime(request.Started));
            if (request.Context.CloseConnection)
                throw new OperationCanceledException("A request failed in a way that ends the connection.");
        }
    }

    private async ValueTask<PooledBufferWriter?> AnswerOf(RunningRequest request)
    {
        try
        {
            return await request.Answer.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or WireFormatException))
        {
            _logger.RequestFailed(request.Api.Key, request.Context.Version, _client, e);
            throw new OperationCanceledException("A request failed.", e);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        Volatile.Write(ref _lastSent, _time.GetTimestamp());
        _isSending = true;
        while (!bytes.IsEmpty)
        {
            // In pieces, because a send returns only when all is taken, and a slow client is not a dead one.
            var piece = bytes[..Math.Min(bytes.Length, SendSize)];
            bytes = bytes[await _transport.SendAsync(piece).ConfigureAwait(false)..];
            Volatile.Write(ref _lastSent, _time.GetTimestamp());
        }

        _isSending = false;
    }

    /// <summary>Frames go back to the pool only when nobody works with them any more: the log may still be writing one.</summary>
    private async ValueTask AbandonAsync()
    {
        _ending.Cancel();
        while (_running.TryDequeue(out var request))
        {
            try
            {
                (await request.Answer.ConfigureAwait(false))?.Dispose();
            }
            catch (Exception e)
            {
                _logger.ConnectionEnded(_client, e.Message);
            }

            request.Context.Memory.Dispose();
            request.Frame.Dispose();
        }
    }

    private sealed record RunningRequest(Api Api, RequestContext Context, Frame Frame, long Started, Task<PooledBufferWriter?> Answer);
}
