using System.Net.Security;
using System.Net.Sockets;
using Millrace.Broker.Security;

namespace Millrace.Broker.Network;

/// <summary>The bytes of a connection, bare or through TLS. One thread reads and one writes.</summary>
internal sealed class Transport(Socket socket, TlsCertificate? certificate) : IDisposable
{
    private SslStream? _tls;

    /// <summary>Does what there is to do before the first byte of a request.</summary>
    /// <exception cref="IOException">The client speaks no TLS, or none that is safe.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">As above.</exception>
    public async Task OpenAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (certificate is null)
            return;

        _tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(limit);
        await _tls.AuthenticateAsServerAsync(certificate.ToServerOptions(), ending.Token).ConfigureAwait(false);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _tls is null
        ? socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken)
        : _tls.ReadAsync(buffer, cancellationToken);

    /// <summary>What has arrived, without waiting; 0 when nothing has, or when nobody can say.</summary>
    public int ReceiveAvailable(Span<byte> buffer) =>
        _tls is null && socket.Available > 0 && buffer.Length > 0 ? socket.Receive(buffer, SocketFlags.None) : 0;

    /// <summary>Returns how much of it was sent.</summary>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_tls is null)
            return await socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None).ConfigureAwait(false);
        await _tls.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        return bytes.Length;
    }

    /// <summary>Whether the client has closed its side and there is nothing left to read.</summary>
    public bool IsClosedByClient => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;

    public void Dispose()
    {
        // Not in an orderly way: that would write, and whoever closes may do so because writing is stuck.
        socket.Dispose();
        _tls?.Dispose();
    }
}
