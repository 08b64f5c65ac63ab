"""A small, readable way to write shader graphs."""

import bpy


def linear(hex_colour, alpha=1.0):
    """An sRGB hex colour as linear RGBA."""
    hex_colour = hex_colour.lstrip("#")
    values = [int(hex_colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values) + (alpha,)


def scaled(colour, factor):
    return tuple(min(1.0, c * factor) for c in colour[:3]) + (1.0,)


def blend(a, b, t):
    return tuple(x + (y - x) * t for x, y in zip(a, b))


class Graph:
    """The node tree of one new material; methods return output sockets."""

    def __init__(self, name):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()

    def node(self, kind, inputs=None, **props):
        node = self.tree.nodes.new("ShaderNode" + kind)
        for key, value in props.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            self.feed(node.inputs[key], value)
        return node

    def feed(self, socket, value):
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif value is not None:
            socket.default_value = value

    def position(self, scale=(1, 1, 1), rotation=(0, 0, 0), shift=(0, 0, 0)):
        """Object coordinates in metres."""
        coords = self.node("TexCoord").outputs["Object"]
        return self.node("Mapping", {"Vector": coords, "Scale": scale, "Rotation": rotation, "Location": shift}).outputs[0]

    def attribute(self, name):
        return self.node("Attribute", attribute_name=name).outputs["Fac"]

    def noise(self, vector, scale, detail=3.0, roughness=0.55, distortion=0.0):
        return self.node("TexNoise", {"Vector": vector, "Scale": scale, "Detail": detail, "Roughness": roughness,
                                      "Distortion": distortion}).outputs["Fac"]

    def math(self, operation, a, b=None, clamp=False):
        node = self.node("Math", operation=operation, use_clamp=clamp)
        self.feed(node.inputs[0], a)
        self.feed(node.inputs[1], b)
        return node.outputs[0]

    def span(self, value, low, high, to_low=0.0, to_high=1.0, smooth=False):
        """Maps low..high to to_low..to_high, clamped."""
        return self.node("MapRange", {"Value": value, "From Min": low, "From Max": high, "To Min": to_low, "To Max": to_high},
                         interpolation_type="SMOOTHSTEP" if smooth else "LINEAR").outputs["Result"]

    def mix(self, factor, a, b, mode="MIX"):
        node = self.node("Mix", data_type="RGBA", blend_type=mode)
        self.feed(node.inputs[0], factor)
        self.feed(node.inputs[6], a)
        self.feed(node.inputs[7], b)
        return node.outputs[2]

    def bump(self, height, distance, strength=1.0, normal=None):
        return self.node("Bump", {"Height": height, "Distance": distance, "Strength": strength, "Normal": normal}).outputs[0]

    def principled(self, **inputs):
        names = {"colour": "Base Color", "roughness": "Roughness", "normal": "Normal", "ior": "IOR", "coat": "Coat Weight",
                 "coat_roughness": "Coat Roughness", "metallic": "Metallic", "specular": "Specular IOR Level",
                 "transmission": "Transmission Weight", "sheen": "Sheen Weight", "subsurface": "Subsurface Weight",
                 "subsurface_radius": "Subsurface Radius", "subsurface_scale": "Subsurface Scale",
                 "emission": "Emission Color", "emission_strength": "Emission Strength"}
        return self.node("BsdfPrincipled", {names[key]: value for key, value in inputs.items()}).outputs[0]

    def finish(self, shader, volume=None):
        self.node("OutputMaterial", {"Surface": shader, "Volume": volume})
        return self.material
