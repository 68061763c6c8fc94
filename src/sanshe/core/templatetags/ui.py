"""Small pieces of interface shared by every page."""

from django import template

register = template.Library()
