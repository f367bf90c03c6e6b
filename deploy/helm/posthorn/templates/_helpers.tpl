{{- define "posthorn.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "posthorn.selector" -}}
app.kubernetes.io/name: posthorn
app.kubernetes.io/instance: {{ .context.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "posthorn.labels" -}}
{{ include "posthorn.selector" . }}
app.kubernetes.io/version: {{ .context.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .context.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .context.Chart.Name .context.Chart.Version }}
{{- end }}

{{- define "posthorn.serviceAccount" -}}
{{- default (include "posthorn.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{- define "posthorn.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}

{{/* Which secrets a role reads: pairs of a variable and the name of its values. */}}
{{- define "posthorn.secrets" -}}
{{- $all := dict "DATABASE_URL" "database" -}}
{{- if ne .role "migrate" }}{{ $_ := set $all "POSTHORN_MASTER_KEY" "masterKey" }}{{ end -}}
{{- if eq .role "api" }}{{ $_ := set $all "POSTHORN_ADMIN_KEY" "adminKey" }}{{ end -}}
{{- if ne .role "migrate" -}}
{{- if .context.Values.secrets.temporalCodecKey.name }}{{ $_ := set $all "POSTHORN_TEMPORAL_CODEC_KEY" "temporalCodecKey" }}{{ end -}}
{{- if .context.Values.secrets.temporalApiKey.name }}{{ $_ := set $all "TEMPORAL_API_KEY" "temporalApiKey" }}{{ end -}}
{{- end -}}
{{ $all | toJson }}
{{- end }}

{{- define "posthorn.environment" -}}
{{- $values := .context.Values -}}
{{- range $variable, $secret := include "posthorn.secrets" . | fromJson }}
- name: {{ $variable }}_FILE
  value: /run/secrets/posthorn/{{ $secret }}/{{ (index $values.secrets $secret).key }}
{{- end }}
{{- if ne .role "migrate" }}
- name: TEMPORAL_ADDRESS
  value: {{ required "temporal.address is needed: host:port of the frontend" $values.temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ $values.temporal.namespace | quote }}
{{- with $values.temporal.uiUrl }}
- name: TEMPORAL_UI_URL
  value: {{ . | quote }}
{{- end }}
{{- with $values.temporal.serverName }}
- name: TEMPORAL_TLS_SERVER_NAME
  value: {{ . | quote }}
{{- end }}
{{- if $values.temporal.tlsSecret }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /run/secrets/temporal-tls/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /run/secrets/temporal-tls/tls.key
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /run/secrets/temporal-tls/ca.crt
{{- end }}
- name: POSTHORN_METRICS_PORT
  value: {{ $values.metrics.port | quote }}
- name: POSTHORN_METRICS_HOST
  value: "0.0.0.0"
{{- end }}
{{- if eq .role "api" }}
- name: HOST
  value: "0.0.0.0"
- name: PORT
  value: {{ $values.api.port | quote }}
{{- end }}
{{- range $name, $text := $values.settings }}
- name: {{ $name }}
  value: {{ $text | quote }}
{{- end }}
{{- end }}

{{- define "posthorn.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- $values := .context.Values -}}
{{- range $variable, $secret := include "posthorn.secrets" . | fromJson }}
- name: {{ $secret | lower }}
  mountPath: /run/secrets/posthorn/{{ $secret }}
  readOnly: true
{{- end }}
{{- if and $values.temporal.tlsSecret (ne .role "migrate") }}
- name: temporal-tls
  mountPath: /run/secrets/temporal-tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "posthorn.volumes" -}}
- name: tmp
  emptyDir: {}
{{- $values := .context.Values -}}
{{- range $variable, $secret := include "posthorn.secrets" . | fromJson }}
{{- $from := index $values.secrets $secret }}
- name: {{ $secret | lower }}
  secret:
    secretName: {{ required (printf "secrets.%s.name is needed" $secret) $from.name }}
    items:
      - { key: {{ $from.key }}, path: {{ $from.key }} }
{{- end }}
{{- if and $values.temporal.tlsSecret (ne .role "migrate") }}
- name: temporal-tls
  secret:
    secretName: {{ $values.temporal.tlsSecret }}
{{- end }}
{{- end }}

{{/* What every pod has in common, and only its container's ports and probes has not. */}}
{{- define "posthorn.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "posthorn.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}
