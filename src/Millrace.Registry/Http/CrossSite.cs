using Microsoft.AspNetCore.Http;

namespace Millrace.Registry.Http;

/// <summary>
/// Turns away what a page of another site makes a browser send: the loopback address is no protection from that, and an activation has no body whose
/// type would have to be asked for first. Browsers say where a request comes from; other clients say nothing, and are let through.
/// </summary>
internal static class CrossSite
{
    private const string Header = "Sec-Fetch-Site";

    public static ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers[Header].ToString() is "" or "none" or "same-origin"
            ? next(context)
            : ValueTask.FromResult<object?>(ApiCalls.Problem(
                StatusCodes.Status403Forbidden, "Not from another site", "A page of another site made this request; the schemas are not its business."));
}
