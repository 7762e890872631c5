package s3;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Hashtable;
import java.util.Map;
import java.util.TimeZone;
import javax.activation.DataHandler;
import javax.activation.DataSource;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.namespace.QName;
import org.apache.axis.AxisFault;
import org.apache.axis.MessageContext;
import org.apache.axis.attachments.AttachmentPart;
import org.apache.axis.client.Call;
import org.apache.axis.description.ElementDesc;
import org.apache.axis.description.FieldDesc;
import org.apache.axis.description.OperationDesc;
import org.apache.axis.description.ParameterDesc;
import org.apache.axis.description.TypeDesc;
import org.apache.axis.message.SOAPBodyElement;
import org.apache.axis.transport.http.HTTPConstants;
import org.apache.axis.utils.XMLUtils;
import org.w3c.dom.Element;

/**
 * Makes the calls that come as JSON on standard input, at the endpoint in args[0], through the classes that Axis's WSDL2Java has made of the
 * WSDL; prints the outcomes as JSON. What Axis knows of operations and types says how JSON becomes arguments, and answers JSON.
 */
final class Calls {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final String ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/";

    private final String endpoint;

    private Calls(String endpoint) {
        this.endpoint = endpoint;
    }

    public static void main(String[] args) throws Exception {
        // Axis's log goes to standard output.
        PrintStream output = System.out;
        System.setOut(System.err);
        Calls calls = new Calls(args[0]);
        JsonArray outcomes = new JsonArray();
        JsonElement given = JsonParser.parseReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (JsonElement call : given.getAsJsonArray()) outcomes.add(calls.outcome(call.getAsJsonObject()));
        output.write(new Gson().toJson(outcomes).getBytes(StandardCharsets.UTF_8));
        output.flush();
    }

    private JsonObject outcome(JsonObject call) throws Exception {
        JsonObject outcome = new JsonObject();
        AmazonS3SoapBindingStub stub = stub();
        try {
            outcome.add("result", call.has("timestamp") ? unchecked(call) : checked(stub, call));
        } catch (AxisFault fault) {
            QName code = fault.getFaultCode();
            // What Axis itself has to say is no answer.
            if (!code.getNamespaceURI().equals(ENVELOPE_NAMESPACE) || code.getLocalPart().equals("Server.userException")) throw fault;
            outcome.add("fault", describe(fault));
            return outcome;
        }
        Object[] attachments = stub.getAttachments();
        if (attachments.length > 0) {
            try (InputStream bytes = ((AttachmentPart) attachments[0]).getDataHandler().getInputStream()) {
                outcome.addProperty("attachment", Base64.getEncoder().encodeToString(bytes.readAllBytes()));
            }
        }
        return outcome;
    }

    /** Through the method that WSDL2Java has written for the operation. */
    private JsonElement checked(AmazonS3SoapBindingStub stub, JsonObject call) throws Exception {
        OperationDesc operation = operation(call.get("operation").getAsString());
        JsonObject given = call.getAsJsonObject("arguments");
        Calendar now = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
        now.add(Calendar.SECOND, call.has("ageSeconds") ? -call.get("ageSeconds").getAsInt() : 0);
        Object[] arguments = new Object[operation.getNumParams()];
        for (int index = 0; index < arguments.length; index++) {
            ParameterDesc parameter = operation.getParameter(index);
            String name = parameter.getQName().getLocalPart();
            arguments[index] = call.has("as") && isSignature(name)
                ? signaturePart(name, operation.getName(), now, call.getAsJsonObject("as"))
                : argument(given.get(name), parameter.getJavaType());
        }
        if (call.has("attachment")) attach(stub, call);
        for (Method method : AmazonS3_PortType.class.getMethods()) {
            if (!method.getName().equalsIgnoreCase(operation.getName())) continue;
            try {
                return describe(method.invoke(stub, arguments));
            } catch (InvocationTargetException thrown) {
                throw (Exception) thrown.getCause();
            }
        }
        throw new NoSuchMethodException(operation.getName());
    }

    /** Without those classes, which would never send a timestamp that is none. */
    private JsonElement unchecked(JsonObject call) throws Exception {
        String operation = call.get("operation").getAsString();
        Element element = XMLUtils.newDocument().createElementNS(NAMESPACE, operation);
        JsonObject as = call.getAsJsonObject("as");
        append(element, "AWSAccessKeyId", as.get("accessKeyId").getAsString());
        append(element, "Timestamp", call.get("timestamp").getAsString());
        append(element, "Signature", (String) signaturePart("Signature", operation, Calendar.getInstance(), as));
        Call raw = (Call) new AmazonS3_ServiceLocator().createCall();
        raw.setTargetEndpointAddress(endpoint);
        raw.invoke(new Object[] {new SOAPBodyElement(element)});
        return new JsonObject();
    }

    private static void append(Element parent, String name, String text) {
        Element element = parent.getOwnerDocument().createElementNS(NAMESPACE, name);
        element.setTextContent(text);
        parent.appendChild(element);
    }

    private AmazonS3SoapBindingStub stub() throws Exception {
        AmazonS3_ServiceLocator service = new AmazonS3_ServiceLocator();
        service.setAmazonS3EndpointAddress(endpoint);
        return (AmazonS3SoapBindingStub) service.getAmazonS3();
    }

    private static void attach(AmazonS3SoapBindingStub stub, JsonObject call) {
        // In chunks: Axis counts too few bytes where a DIME message has several records, or JavaMail writes a Date.
        stub._setProperty(MessageContext.HTTP_TRANSPORT_VERSION, HTTPConstants.HEADER_PROTOCOL_V11);
        stub._setProperty(HTTPConstants.REQUEST_HEADERS, new Hashtable<>(Map.of(HTTPConstants.HEADER_TRANSFER_ENCODING, "chunked")));
        Object format = call.has("encapsulation") && call.get("encapsulation").getAsString().equals("dime")
            ? Call.ATTACHMENT_ENCAPSULATION_FORMAT_DIME
            : Call.ATTACHMENT_ENCAPSULATION_FORMAT_MIME;
        stub._setProperty(Call.ATTACHMENT_ENCAPSULATION_FORMAT, format);
        stub.addAttachment(new DataHandler(new Bytes(Base64.getDecoder().decode(call.get("attachment").getAsString()))));
    }

    private static OperationDesc operation(String name) {
        for (OperationDesc operation : AmazonS3SoapBindingStub._operations) {
            if (operation.getName().equals(name)) return operation;
        }
        throw new IllegalArgumentException(name);
    }

    private static boolean isSignature(String name) {
        return name.equals("AWSAccessKeyId") || name.equals("Timestamp") || name.equals("Signature");
    }

    private static Object signaturePart(String name, String operation, Calendar now, JsonObject as) throws Exception {
        if (name.equals("AWSAccessKeyId")) return as.get("accessKeyId").getAsString();
        if (name.equals("Timestamp")) return now;
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(as.get("secretAccessKey").getAsString().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        String text = "AmazonS3" + operation + timestamp(now);
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String timestamp(Calendar time) {
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
        format.setTimeZone(TimeZone.getTimeZone("UTC"));
        return format.format(time.getTime());
    }

    /** JSON as an object of a class, which is Java's own or one that WSDL2Java has made; what is missing is null, or false. */
    private static Object argument(JsonElement given, Class<?> type) throws Exception {
        if (given == null) return type == boolean.class ? Boolean.FALSE : null;
        if (type == byte[].class) return Base64.getDecoder().decode(given.getAsString());
        if (type == Calendar.class) return GregorianCalendar.from(ZonedDateTime.parse(given.getAsString()));
        if (type.isArray()) return array(given, type.getComponentType());
        if (TypeDesc.getTypeDescForClass(type) == null) return new Gson().fromJson(given, type);
        if (given.isJsonPrimitive()) return type.getMethod("fromString", String.class).invoke(null, given.getAsString());
        return bean(given.getAsJsonObject(), type);
    }

    /** A list, as its items or as an element that holds them. */
    private static Object array(JsonElement given, Class<?> type) throws Exception {
        JsonArray items = given.isJsonArray() ? given.getAsJsonArray() : new JsonArray();
        if (given.isJsonObject() && given.getAsJsonObject().size() > 0) {
            items = given.getAsJsonObject().entrySet().iterator().next().getValue().getAsJsonArray();
        }
        Object array = Array.newInstance(type, items.size());
        for (int index = 0; index < items.size(); index++) Array.set(array, index, argument(items.get(index), type));
        return array;
    }

    private static Object bean(JsonObject given, Class<?> declared) throws Exception {
        Class<?> type = given.has("type") ? Class.forName("s3." + given.get("type").getAsString()) : declared;
        Object bean = type.getConstructor().newInstance();
        for (FieldDesc field : TypeDesc.getTypeDescForClass(type).getFields(true)) {
            JsonElement value = given.get(field.getXmlName().getLocalPart());
            if (value == null) continue;
            for (Method method : type.getMethods()) {
                if (!method.getName().equalsIgnoreCase("set" + field.getFieldName()) || method.getParameterCount() != 1) continue;
                method.invoke(bean, argument(value, method.getParameterTypes()[0]));
            }
        }
        return bean;
    }

    private static JsonObject describe(AxisFault fault) {
        JsonObject detail = new JsonObject();
        for (Element element : fault.getFaultDetails()) {
            // What Axis itself adds has a namespace.
            if (element.getNamespaceURI() == null) detail.addProperty(element.getLocalName(), element.getTextContent());
        }
        JsonObject described = new JsonObject();
        described.addProperty("code", fault.getFaultCode().getLocalPart());
        described.addProperty("message", fault.getFaultString());
        described.add("detail", detail);
        return described;
    }

    /** An answer as JSON, by the names of its elements. A grantee says its type. */
    private static JsonElement describe(Object value) throws Exception {
        if (value == null) return new JsonObject();
        if (value instanceof byte[] bytes) return new Gson().toJsonTree(Base64.getEncoder().encodeToString(bytes));
        if (value instanceof Calendar time) return new Gson().toJsonTree(timestamp(time));
        TypeDesc description = TypeDesc.getTypeDescForClass(value.getClass());
        if (description == null) return new Gson().toJsonTree(value);
        if (description.getFields() == null) return new Gson().toJsonTree(value.toString());
        JsonObject described = new JsonObject();
        for (FieldDesc field : description.getFields(true)) {
            Object inside = member(value, field);
            if (inside != null) described.add(field.getXmlName().getLocalPart(), member(inside, (ElementDesc) field));
        }
        return described;
    }

    private static Object member(Object value, FieldDesc field) throws Exception {
        for (Method method : value.getClass().getMethods()) {
            boolean isGetter = method.getName().equalsIgnoreCase("get" + field.getFieldName())
                || method.getName().equalsIgnoreCase("is" + field.getFieldName());
            if (isGetter && method.getParameterCount() == 0) return method.invoke(value);
        }
        throw new NoSuchMethodException(field.getFieldName());
    }

    private static JsonElement member(Object value, ElementDesc field) throws Exception {
        if (!value.getClass().isArray() || value instanceof byte[]) {
            JsonElement described = describe(value);
            if (field.getXmlName().getLocalPart().equals("Grantee")) {
                described.getAsJsonObject().addProperty("type", value.getClass().getSimpleName());
            }
            return described;
        }
        JsonArray items = new JsonArray();
        for (Object item : (Object[]) value) items.add(describe(item));
        QName item = field.getItemQName();
        if (item == null) return items;
        JsonObject list = new JsonObject();
        list.add(item.getLocalPart(), items);
        return list;
    }

    /** Bytes to attach. */
    private record Bytes(byte[] bytes) implements DataSource {
        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public OutputStream getOutputStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getContentType() {
            return "text/plain";
        }

        @Override
        public String getName() {
            return "attachment";
        }
    }
}
