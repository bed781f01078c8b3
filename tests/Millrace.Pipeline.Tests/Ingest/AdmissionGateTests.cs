using System.Net;
using Millrace.Pipeline.Ingest;

namespace Millrace.Pipeline.Tests.Ingest;

public sealed class AdmissionGateTests
{
    private static readonly IPAddress One = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Two = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress Three = IPAddress.Parse("10.0.0.3");

    [Theory]
    [InlineData(5, 0)]
    [InlineData(0, 50)]
    public void Caller_gets_half_and_others_the_rest(int events, int bytes)
    {
        var gate = new AdmissionGate(10, 100);
        using var first = gate.Enter(One);
        using var again = gate.Enter(One);
        using var second = gate.Enter(Two);
        using var third = gate.Enter(Three);

        Assert.Equal(Admission.Granted, first.TryTake(events, bytes));
        Assert.Equal(Admission.CallerMustSlowDown, again.TryTake(Math.Sign(events), Math.Sign(bytes)));
        Assert.Equal(Admission.Granted, second.TryTake(events, bytes));
        Assert.Equal(Admission.Full, third.TryTake(Math.Sign(events), Math.Sign(bytes)));
    }

    [Fact]
    public void What_a_request_held_is_free_again_when_it_is_answered()
    {
        var gate = new AdmissionGate(10, 100);
        for (var i = 0; i < 10; i++)
        {
            using var share = gate.Enter(One);
            Assert.Equal(Admission.Granted, share.TryTake(2, 20));
            Assert.Equal(Admission.Granted, share.TryTake(3, 30));
            Assert.Equal(Admission.CallerMustSlowDown, share.TryTake(1, 1));
        }

        using var last = gate.Enter(null);
        Assert.Equal(Admission.Granted, last.TryTake(5, 50));
    }
}
