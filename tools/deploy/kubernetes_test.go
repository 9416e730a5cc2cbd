package deploy_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

const manifestDir = "deploy/kubernetes"

// scaledObject is what we use of KEDA's resource; its own types would bring all
// of KEDA's dependencies.
type scaledObject struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		ScaleTargetRef struct {
			Name string `json:"name"`
		} `json:"scaleTargetRef"`
		PollingInterval int `json:"pollingInterval"`
		CooldownPeriod  int `json:"cooldownPeriod"`
		MinReplicaCount int `json:"minReplicaCount"`
		MaxReplicaCount int `json:"maxReplicaCount"`
		Advanced        struct {
			HorizontalPodAutoscalerConfig struct {
				Behavior autoscalingv2.HorizontalPodAutoscalerBehavior `json:"behavior"`
			} `json:"horizontalPodAutoscalerConfig"`
		} `json:"advanced"`
		Triggers []struct {
			Type     string            `json:"type"`
			Metadata map[string]string `json:"metadata"`
		} `json:"triggers"`
	} `json:"spec"`
}

// kustomization is what kubectl makes one set of the files.
type kustomization struct {
	metav1.TypeMeta `json:",inline"`
	Namespace       string   `json:"namespace"`
	Resources       []string `json:"resources"`
	Images          []struct {
		Name    string `json:"name"`
		NewName string `json:"newName"`
		NewTag  string `json:"newTag"`
	} `json:"images"`
}

// manifests are the resources of all files, decoded without an unknown field.
type manifests struct {
	deployments map[string]*appsv1.Deployment
	scaled      map[string]*scaledObject
	settings    map[string]string
	jobs        []*batchv1.Job
	policies    []*networkingv1.NetworkPolicy
}

// pods are the pod templates, by the name of what has them.
func (m manifests) pods() map[string]corev1.PodTemplateSpec {
	pods := map[string]corev1.PodTemplateSpec{}
	for name, d := range m.deployments {
		pods[name] = d.Spec.Template
	}
	for _, j := range m.jobs {
		pods[j.Name] = j.Spec.Template
	}
	return pods
}

func strict[T any](t *testing.T, raw string) *T {
	t.Helper()
	// As the API server does, and unlike encoding/json, by the case of names too.
	asJSON, err := yaml.YAMLToJSONStrict([]byte(raw))
	require.NoError(t, err, raw)
	var v T
	faults, err := json.UnmarshalStrict(asJSON, &v)
	require.NoError(t, err, raw)
	require.Empty(t, faults, raw)
	return &v
}

func readManifests(t *testing.T) manifests {
	t.Helper()
	m := manifests{deployments: map[string]*appsv1.Deployment{}, scaled: map[string]*scaledObject{}}
	k := strict[kustomization](t, read(t, manifestDir+"/kustomization.yaml"))
	files, err := filepath.Glob(filepath.Join(root, manifestDir, "*.yaml"))
	require.NoError(t, err)
	require.Len(t, files, len(k.Resources)+1, "the kustomization has every file")
	for _, file := range k.Resources {
		for _, raw := range strings.Split(read(t, filepath.Join(manifestDir, file)), "\n---\n") {
			var kind metav1.TypeMeta
			require.NoError(t, yaml.Unmarshal([]byte(raw), &kind))
			switch kind.APIVersion + " " + kind.Kind {
			case "v1 Namespace":
				assert.Equal(t, k.Namespace, strict[corev1.Namespace](t, raw).Name)
			case "v1 ConfigMap":
				m.settings = strict[corev1.ConfigMap](t, raw).Data
			case "apps/v1 Deployment":
				d := strict[appsv1.Deployment](t, raw)
				m.deployments[d.Name] = d
			case "batch/v1 Job":
				m.jobs = append(m.jobs, strict[batchv1.Job](t, raw))
			case "networking.k8s.io/v1 NetworkPolicy":
				m.policies = append(m.policies, strict[networkingv1.NetworkPolicy](t, raw))
			case "keda.sh/v1alpha1 ScaledObject":
				s := strict[scaledObject](t, raw)
				m.scaled[s.Name] = s
			default:
				t.Errorf("%s: %s %s is not checked", file, kind.APIVersion, kind.Kind)
			}
		}
	}
	return m
}

func workerName(band string) string { return "caseload-worker-" + band }

func TestKubernetesImagesArePinned(t *testing.T) {
	t.Parallel()
	k := strict[kustomization](t, read(t, manifestDir+"/kustomization.yaml"))
	require.Len(t, k.Images, 1)
	assertPinned(t, k.Images[0].NewName+":"+k.Images[0].NewTag)
	for name, pod := range readManifests(t).pods() {
		for _, c := range pod.Spec.Containers {
			assert.Equal(t, k.Images[0].Name, c.Image, name)
		}
	}
}

func TestKubernetesWorkersDifferInTheirBandAlone(t *testing.T) {
	t.Parallel()
	m := readManifests(t)
	require.Len(t, m.deployments, len(bands))
	var first string
	for _, band := range bands {
		d := m.deployments[workerName(band)]
		require.NotNil(t, d, band)
		assert.Nil(t, d.Spec.Replicas, "scaling sets them")
		c := d.Spec.Template.Spec.Containers[0]
		assert.Contains(t, c.Env, corev1.EnvVar{Name: "CASELOAD_WORKER_QUEUES", Value: band})
		for key, value := range d.Spec.Selector.MatchLabels {
			assert.Equal(t, value, d.Spec.Template.Labels[key])
		}
		raw, err := yaml.Marshal(d)
		require.NoError(t, err)
		same := strings.NewReplacer(": "+band+"\n", ": BAND\n", workerName(band), workerName("BAND")).Replace(string(raw))
		if first == "" {
			first = same
		} else {
			assert.YAMLEq(t, first, same)
		}
		for _, p := range []*corev1.Probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
			require.NotNil(t, p, band)
			require.NotNil(t, p.HTTPGet, band)
		}
		assert.Equal(t, "/healthz", c.LivenessProbe.HTTPGet.Path)
		assert.Equal(t, "/readyz", c.ReadinessProbe.HTTPGet.Path)
	}
}

func TestKubernetesPodsRunWithoutRights(t *testing.T) {
	t.Parallel()
	pods := readManifests(t).pods()
	require.Len(t, pods, 4)
	for name, pod := range pods {
		s := pod.Spec.SecurityContext
		require.NotNil(t, s, name)
		assert.True(t, *s.RunAsNonRoot, name)
		assert.EqualValues(t, 10001, *s.RunAsUser, name)
		assert.Equal(t, corev1.SeccompProfileTypeRuntimeDefault, s.SeccompProfile.Type, name)
		assert.False(t, *pod.Spec.AutomountServiceAccountToken, name)
		for _, c := range pod.Spec.Containers {
			assert.True(t, *c.SecurityContext.ReadOnlyRootFilesystem, name)
			assert.False(t, *c.SecurityContext.AllowPrivilegeEscalation, name)
			assert.Equal(t, []corev1.Capability{"ALL"}, c.SecurityContext.Capabilities.Drop, name)
			assert.False(t, c.Resources.Limits.Memory().IsZero(), name)
			assert.False(t, c.Resources.Requests.Cpu().IsZero(), name)
			for _, mount := range c.VolumeMounts {
				assert.True(t, slices.ContainsFunc(pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == mount.Name }), mount.Name)
			}
		}
	}
}

func TestKubernetesEnvironmentIsKnown(t *testing.T) {
	t.Parallel()
	m := readManifests(t)
	known := knownVariables(t)
	require.NotEmpty(t, m.settings)
	for key := range m.settings {
		assert.Contains(t, known, key)
	}
	for name, pod := range m.pods() {
		for _, e := range pod.Spec.Containers[0].Env {
			assert.Contains(t, known, e.Name, name)
			if strings.Contains(e.Name, "PASSWORD") || e.Name == "CASELOAD_DATABASE_URL" {
				assert.Empty(t, e.Value, "%s is a secret", e.Name)
				require.NotNil(t, e.ValueFrom)
				require.NotNil(t, e.ValueFrom.SecretKeyRef)
			}
		}
	}
}

// temporalTrigger are the parameters of KEDA's temporal scaler that we use; those
// of https://keda.sh/docs/2.22/scalers/temporal/ are the same since 2.17.
var temporalTrigger = []string{"activationTargetQueueSize", "endpoint", "namespace", "queueTypes", "targetQueueSize", "taskQueue"}

func TestKubernetesScalesEachBandByItsQueue(t *testing.T) {
	t.Parallel()
	m := readManifests(t)
	require.Len(t, m.scaled, len(bands))
	always := 0
	for _, band := range bands {
		s := m.scaled[workerName(band)]
		require.NotNil(t, s, band)
		assert.Contains(t, m.deployments, s.Spec.ScaleTargetRef.Name)
		assert.Equal(t, workerName(band), s.Spec.ScaleTargetRef.Name)
		require.Len(t, s.Spec.Triggers, 1)
		trigger := s.Spec.Triggers[0]
		assert.Equal(t, "temporal", trigger.Type)
		assert.Equal(t, temporalTrigger, slices.Sorted(maps.Keys(trigger.Metadata)))
		assert.Equal(t, "caseload."+band, trigger.Metadata["taskQueue"])
		assert.Equal(t, m.settings["CASELOAD_TEMPORAL_ADDRESS"], trigger.Metadata["endpoint"])
		assert.Equal(t, m.settings["CASELOAD_TEMPORAL_NAMESPACE"], trigger.Metadata["namespace"])
		assert.Equal(t, "workflow,activity", trigger.Metadata["queueTypes"])
		target, err := strconv.Atoi(trigger.Metadata["targetQueueSize"])
		require.NoError(t, err)
		assert.Positive(t, target)
		assert.Less(t, s.Spec.MinReplicaCount, s.Spec.MaxReplicaCount)
		always += s.Spec.MinReplicaCount
	}
	assert.Positive(t, always, "a worker serves caseload.control")
}

func TestKubernetesNetworkPolicyHoldsForEveryPod(t *testing.T) {
	t.Parallel()
	m := readManifests(t)
	require.Len(t, m.policies, 1)
	p := m.policies[0].Spec
	assert.ElementsMatch(t, []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}, p.PolicyTypes)
	selector, err := metav1.LabelSelectorAsSelector(&p.PodSelector)
	require.NoError(t, err)
	for name, pod := range m.pods() {
		assert.True(t, selector.Matches(labels.Set(pod.Labels)), name)
	}
	for _, rule := range p.Ingress {
		assert.NotEmpty(t, rule.From)
		require.Len(t, rule.Ports, 1)
		assert.Equal(t, 9464, rule.Ports[0].Port.IntValue())
	}
	var ports []int
	for _, rule := range p.Egress {
		assert.NotEmpty(t, rule.To, "no rule is for everywhere")
		for _, port := range rule.Ports {
			ports = append(ports, port.Port.IntValue())
		}
	}
	assert.ElementsMatch(t, []int{53, 53, 7233, 5432, 6379, 443}, ports)
}
