using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.Conformance.Tests;

/// <summary>A certificate for this machine that signs itself, in the files that both brokers and every client want it in.</summary>
internal sealed class ServerCertificate : IDisposable
{
    /// <summary>The password that <c>kafka-up</c> gives to Apache Kafka.</summary>
    private const string Password = "changeit";

    public ServerCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        File.WriteAllText(Authority, certificate.ExportCertificatePem());
        File.WriteAllText(WithKey, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());

        // With these two there, kafka-up does not start a JVM for each step of making its own. Apache Kafka wants to trust somebody, though it asks no client.
        var store = certificate.Export(X509ContentType.Pkcs12, Password);
        File.WriteAllBytes(Path.Combine(Folder, "server.p12"), store);
        File.WriteAllBytes(Path.Combine(Folder, "truststore.p12"), store);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("millrace-conformance-").FullName;

    /// <summary>PEM, without the key.</summary>
    public string Authority => Path.Combine(Folder, "ca.pem");

    /// <summary>PEM, for the embedded broker.</summary>
    public string WithKey => Path.Combine(Folder, "server.pem");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
